// A beam search as a tree: a column for each step, the best sum on top, a line below those that were kept.
// The page gives { root, columns: [[{ id, parent, name, title, log, sum, score, state, best, greedy }]], width, open,
// words } and hears of "go", the node to go on from.

import { el, fill, palette } from "../common.js";

const CARD = 124; // pixels
const GAP = 44;
const HEAD = 24;
const [TALL, TALLER] = [56, 72]; // a node that was kept, without a score and with one
const LOW = 24; // one that was dropped
const SPACE = 6;
const CUT = 26; // between the two

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".beam");
  root.dataset.theme = palette(root).dark ? "dark" : "light";
  const { words, columns } = data;
  const frame = { width: data.width, tall: data.scored ? TALLER : TALL };
  const places = new Map();
  columns.forEach((nodes, i) => nodes.forEach((node, rank) => places.set(node.id, place(i + 1, rank, frame))));
  places.set(0, place(0, 0, frame));
  const rows = Math.max(...columns.map((nodes) => nodes.length));
  const size = { width: (columns.length + 1) * (CARD + GAP) - GAP, height: place(0, rows, frame).y };
  const tree = root.querySelector(".tree");
  tree.ariaLabel = words.tree;
  Object.assign(tree.style, { width: `${size.width}px`, height: `${size.height}px` });
  const edges = drawEdges(tree.querySelector("svg"), data, places, size);
  const nodes = columns.flat().map((node) => card(node, data, places.get(node.id), setTriggerValue));
  tree.replaceChildren(tree.querySelector("svg"), ...heads(data, rows, frame), ...nodes);
  for (const node of nodes) react(node, nodes, edges, data);
  root.querySelector("#how").textContent = words.how;
  root.querySelector(".legend").textContent = words.legend;
  table(root.querySelector("details"), data);
}

/** Where a node stands: its column, and its rank in it. */
function place(column, rank, { width, tall }) {
  const kept = Math.min(rank, width);
  const below = rank - kept;
  const y = HEAD + kept * (tall + SPACE) + (rank >= width ? CUT : 0) + below * (LOW + SPACE);
  return { x: column * (CARD + GAP), y, height: rank < width ? tall : LOW };
}

function at({ x, y, height }) {
  return `left:${x}px;top:${y}px;width:${CARD}px;height:${height}px`;
}

function heads({ columns, root, words, first }, rows, frame) {
  const steps = columns.map((_, i) => el("h3", { style: `left:${(i + 1) * (CARD + GAP)}px` }, `T = ${first + i}`));
  const start = el("div", { class: "root", style: at(place(0, 0, frame)) }, el("small", {}, words.from));
  start.append(el("bdi", {}, root));
  const cut = el("p", { class: "cut", style: `top:${place(0, frame.width, frame).y - CUT}px` }, words.cut);
  return rows > frame.width ? [...steps, start, cut] : [...steps, start];
}

function card(node, { open, words }, where, send) {
  const dropped = node.state === "dropped";
  const marks = [node.winner && "★", node.greedy && words.greedy, dropped && "✕"].filter(Boolean);
  const name = el("b", {}, el("bdi", {}, node.name), el("span", { class: "mark" }, marks.join(" ")));
  const counts = node.score ? `${words.score} ${node.score}` : `Σ ${node.sum}`; // what it is sorted by
  const lines = [`log p ${node.log}`, `Σ ${node.sum}`, ...(node.score ? [counts] : [])];
  const inner = [name, ...(dropped ? [node.score || counts] : lines).map((text) => el("small", {}, text))];
  const title = open ? `${node.title} ${words.press}` : node.title;
  const look = { class: `${node.state}${node.best ? " best" : ""}`, style: at(where), type: "button", title };
  const made = el("button", { ...look, "aria-label": title, tabindex: node.first ? 0 : -1 }, ...inner);
  made.node = node;
  made.onclick = () => open && send("go", node.id);
  return made;
}

function drawEdges(svg, { columns }, places, { width, height }) {
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  const edges = new Map();
  for (const node of columns.flat()) {
    const [from, to] = [places.get(node.parent), places.get(node.id)];
    const [x1, y1, x2, y2] = [from.x + CARD, from.y + from.height / 2, to.x, to.y + to.height / 2];
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", `M${x1} ${y1}C${x1 + GAP * 0.6} ${y1} ${x2 - GAP * 0.6} ${y2} ${x2} ${y2}`);
    path.setAttribute("class", `${node.state}${node.best ? " best" : ""}`);
    edges.set(node.id, path);
  }
  const last = [...edges].sort(([, a], [, b]) => a.classList.contains("best") - b.classList.contains("best"));
  svg.replaceChildren(...last.map(([, path]) => path));
  return edges;
}

/** Pointing at a node, or reaching it, shows the way to it; arrow keys go through the tree. */
function react(button, buttons, edges, data) {
  const parents = new Map(data.columns.flat().map((node) => [node.id, node.parent]));
  const light = (on) => {
    for (let id = button.node.id; id; id = parents.get(id)) edges.get(id)?.classList.toggle("near", on);
  };
  button.onpointerenter = button.onfocus = () => light(true);
  button.onpointerleave = button.onblur = () => light(false);
  button.onkeydown = (event) => {
    const target = neighbour(button.node, event.key, data.columns);
    if (!target) return;
    event.preventDefault();
    const next = buttons.find((other) => other.node === target);
    for (const other of buttons) other.tabIndex = other === next ? 0 : -1;
    next.focus();
  };
}

function neighbour(node, key, columns) {
  const all = columns.flat();
  const column = columns.find((nodes) => nodes.includes(node));
  if (key === "ArrowDown") return column[column.indexOf(node) + 1];
  if (key === "ArrowUp") return column[column.indexOf(node) - 1];
  if (key === "ArrowLeft") return all.find(({ id }) => id === node.parent);
  if (key === "ArrowRight") return all.find(({ parent }) => parent === node.id);
  return undefined;
}

/** The same as a table, for reading; made when it is opened. */
function table(details, { columns, words, first }) {
  details.querySelector("summary").textContent = fill(words.table, { n: columns.flat().length });
  const write = () => {
    const heads = el("tr", {}, ...words.heads.map((name) => el("th", { scope: "col" }, name)));
    const row = (cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, el("bdi", {}, `${cell}`))));
    const rows = columns.flatMap((nodes, i) =>
      nodes.map(({ path, log, sum, score, said }) => row([first + i, path, log, sum, score || sum, said])),
    );
    details.querySelector("table").replaceChildren(el("thead", {}, heads), el("tbody", {}, ...rows));
  };
  details.ontoggle = () => details.open && write();
  if (details.open) write();
}
