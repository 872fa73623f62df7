// Lines from queries (left) to keys (right), thicker and stronger by weight; pointing at a token leaves only its own.
// The page gives { rows, cols, lines, rest, threshold, words } (see pages/shared/model/pictures.py) and hears of nothing.

import { el, fill, fixed, label, palette } from "../common.js";
import { keeper } from "../keep.js";
import { savePicture } from "./picture.js";

const ROW = 30; // pixels from token to token
const WIDTH = 100; // of the drawing, which is stretched to the room there is
const views = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".lines");
  let view = views.get(root);
  if (!view) views.set(root, (view = open(root, data.words)));
  update(view, data);
}

function open(root, words) {
  const view = { root, find: (name) => root.querySelector(name), kept: null };
  view.find(".below").append(keeper("PNG", words.png, () => savePicture(view)));
  return view;
}

function update(view, data) {
  view.data = data;
  const { dark, up } = palette(view.root);
  view.root.dataset.theme = dark ? "dark" : "light";
  view.root.style.setProperty("--line", up[dark ? 230 : 235].fill);
  const frame = JSON.stringify([data.rows, data.cols]);
  if (frame !== view.frame) build(view);
  view.frame = frame;
  draw(view);
  write(view);
  point(view, null);
}

/** The two columns of tokens: buttons, so that they can be reached and kept. */
function build(view) {
  const { rows, cols, words } = view.data;
  const held = view.root.getRootNode().activeElement?.token;
  view.kept = null;
  view.find(".queries").textContent = words.queries;
  view.find(".keys").textContent = words.keys;
  view.tokens = { query: side(view, "query", rows), key: side(view, "key", cols) };
  view.find(".left").replaceChildren(...view.tokens.query);
  view.find(".left").ariaLabel = words.queries;
  view.find(".right").replaceChildren(...view.tokens.key);
  view.find(".right").ariaLabel = words.keys;
  view.find("summary").textContent = words.text;
  if (held) view.tokens[held.side][held.index]?.focus({ preventScroll: true });
}

function side(view, role, labels) {
  return labels.map((text, index) => {
    const word = el("span", { class: "word" }, ...label(text));
    const made = el(
      "button",
      { type: "button", "data-role": role, title: text, tabindex: index ? -1 : 0 },
      word,
      el("span", { class: "number" }),
    );
    made.token = { side: role, index };
    made.onpointerenter = made.onfocus = () => point(view, made.token);
    made.onpointerleave = made.onblur = () => point(view, null);
    made.onclick = () => keep(view, made.token);
    made.onkeydown = (event) => move(view, made.token, event);
    return made;
  });
}

const heightOf = (n) => n * ROW;
const middle = (index) => (index + 0.5) * ROW;

function draw(view) {
  const { rows, cols, lines, words } = view.data;
  const svg = view.find("svg");
  const height = heightOf(Math.max(rows.length, cols.length));
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.style.height = `${height}px`;
  const [query, key, weight] = lines.reduce((best, line) => (line[2] > best[2] ? line : best), [0, 0, 0]);
  const strongest = weight
    ? fill(words.strongest, { query: rows[query], key: cols[key], weight: fixed(weight, 2) })
    : "";
  svg.setAttribute("aria-label", `${fill(words.picture, { count: lines.length })} ${strongest}`);
  view.paths = [...lines].reverse().map((line) => ({ line, path: curve(line) })); // the strong ones above the weak
  svg.replaceChildren(...view.paths.map(({ path }) => path));
}

function curve([query, key, weight]) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const [from, to, half] = [middle(query), middle(key), WIDTH / 2];
  path.setAttribute("d", `M0 ${from}C${half} ${from} ${half} ${to} ${WIDTH} ${to}`);
  path.style.strokeWidth = `${0.75 + 5.25 * weight}px`;
  path.style.setProperty("--strength", 0.25 + 0.75 * weight);
  return path;
}

/** All of it in words: for those who do not see the lines, or want the numbers. */
function write(view) {
  const { rows } = view.data;
  view.said = {
    query: rows.map((_, i) => sentence(view, "query", i)),
    key: view.data.cols.map((_, i) => sentence(view, "key", i)),
  };
  for (const [role, tokens] of Object.entries(view.tokens))
    tokens.forEach((made, i) => (made.ariaLabel = view.said[role][i]));
  view.find("ul").replaceChildren(...view.said.query.map((text) => el("li", { dir: "auto" }, text)));
}

const linesOf = ({ data }, role, index) =>
  data.lines.filter(([query, key]) => (role === "query" ? query : key) === index);

/** "4 dog looks at: 2 the 0.61, 0 start 0.20, 3 others 0.19 together" */
function sentence(view, role, index) {
  const { rows, cols, rest, words, threshold } = view.data;
  const ends = role === "query" ? cols : rows;
  const found = linesOf(view, role, index).sort((a, b) => b[2] - a[2]);
  const parts = found.map(([query, key, weight]) => `${ends[role === "query" ? key : query]} ${fixed(weight, 2)}`);
  const [count, sum] = role === "query" ? rest[index] : [0, 0];
  if (count) parts.push(fill(words.others, { count, sum: fixed(sum, 2) }));
  const start = fill(role === "query" ? words.looks : words.seen, { token: (role === "query" ? rows : cols)[index] });
  return `${start} ${parts.join(", ") || fill(words.nobody, { threshold })}`;
}

// ---- pointing -------------------------------------------------------------------------------------------------------

/** Only this token's lines, with their numbers at the other end; all lines where there is none. */
function point(view, token) {
  const here = token ?? view.kept;
  const far = here?.side === "query" ? 1 : 0;
  view.root.classList.toggle("pointed", Boolean(here));
  for (const made of [...view.tokens.query, ...view.tokens.key]) {
    made.classList.toggle("here", same(made.token, here));
    made.classList.remove("far");
    made.lastChild.textContent = "";
    made.ariaPressed = String(same(made.token, view.kept));
  }
  for (const { line, path } of view.paths) {
    const mine = Boolean(here) && line[1 - far] === here.index;
    path.classList.toggle("mine", mine);
    if (!mine) continue;
    const end = view.tokens[far ? "key" : "query"][line[far]];
    end.classList.add("far");
    end.lastChild.textContent = fixed(line[2], 2);
  }
  view.find(".readout").textContent = here ? view.said[here.side][here.index] : view.data.words.hint;
}

const same = (a, b) => Boolean(a && b) && a.side === b.side && a.index === b.index;

function keep(view, token) {
  view.kept = same(token, view.kept) ? null : token;
  point(view, token);
}

function move(view, { side, index }, event) {
  const other = side === "query" ? "key" : "query";
  const moves = {
    ArrowUp: [side, index - 1],
    ArrowDown: [side, index + 1],
    ArrowLeft: [other, index],
    ArrowRight: [other, index],
  };
  if (event.key === "Escape") keep(view, view.kept);
  if (!(event.key in moves)) return;
  event.preventDefault();
  event.stopPropagation();
  const [nextSide, nextIndex] = moves[event.key];
  const next = view.tokens[nextSide][nextIndex] ?? (nextSide === other ? view.tokens[other].at(-1) : null);
  if (!next) return;
  view.tokens[next.token.side].forEach((made) => (made.tabIndex = made === next ? 0 : -1));
  next.focus();
}
