// Layers × heads as small pictures of attention weights; choosing one tells the page { layer, head }, counted from 0.
// The page gives { layers, heads, rows, cols, pixels, looks, names, chosen, words } (see pages/shared/model/pictures.py).

import { el, fill, gradient, palette } from "../common.js";
import { keeper } from "../keep.js";
import { savePicture } from "./picture.js";

const MASKED = 255;
const PATIENCE = 3000; // milliseconds until what the page says counts again
const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".heads");
  let view = views.get(root);
  if (!view) views.set(root, (view = open(root, data.words)));
  view.send = (chosen) => setStateValue("head", chosen);
  update(view, data);
}

function open(root, words) {
  const view = { root, find: (name) => root.querySelector(`.${name}`) };
  view.find("below").append(keeper("PNG", words.png, () => savePicture(view)));
  return view;
}

function update(view, data) {
  view.data = data;
  const colours = palette(view.root);
  view.root.dataset.theme = colours.dark ? "dark" : "light";
  const frame = JSON.stringify([data.layers, data.heads, data.rows, data.cols, data.names]);
  if (frame !== view.frame) build(view);
  const drawn = JSON.stringify([frame, data.pixels, data.looks, colours.dark]);
  if (drawn !== view.drawn) draw(view, colours);
  Object.assign(view, { frame, drawn });
  adopt(view, data.chosen);
  const legend = view.find("legend");
  legend.querySelector("i").style.background = gradient(colours, { kind: "sequential", max: 1 });
  legend.querySelector(".masked").textContent = data.words.masked;
  legend.classList.toggle("open", view.open);
}

/** One button for each head; those who come by keyboard find one of them in the tab order. */
function build(view) {
  const { layers, heads, rows, cols, names, words } = view.data;
  const held = view.root.getRootNode().activeElement?.place;
  const grid = view.find("grid");
  grid.setAttribute("aria-label", words.grid);
  grid.style.setProperty("--heads", heads);
  view.buttons = range(layers).map((layer) => range(heads).map((head) => button(view, { layer, head }, rows, cols)));
  const corner = el("span", { role: "columnheader" }, el("span", { class: "unseen" }, words.layers));
  const titles = range(heads).map((head) => el("span", { role: "columnheader" }, fill(words.head, { head: head + 1 })));
  const lines = view.buttons.map((line, layer) => {
    const title = el("span", { role: "rowheader" }, fill(words.layer, { layer: layer + 1 }));
    const cells = line.map((made, head) =>
      el("div", { role: "gridcell" }, made, ...(names ? [el("small", {}, names[layer][head])] : [])),
    );
    return el("div", { role: "row" }, title, ...cells);
  });
  grid.replaceChildren(el("div", { role: "row" }, corner, ...titles), ...lines);
  if (held) view.buttons[held.layer]?.[held.head]?.focus({ preventScroll: true });
}

const range = (n) => Array.from({ length: n }, (_, i) => i);

function button(view, place, rows, cols) {
  const made = el("button", { type: "button", tabindex: -1 }, el("canvas", { width: cols, height: rows }));
  made.place = place;
  made.style.aspectRatio = `${cols} / ${rows}`;
  made.onclick = () => choose(view, place);
  made.onpointerenter = () => tell(view, place);
  made.onpointerleave = () => tell(view, view.chosen);
  made.onfocus = () => tell(view, place);
  made.onblur = () => tell(view, view.chosen);
  made.onkeydown = (event) => move(view, place, event);
  return made;
}

/** The bytes as colours: 0 to 254 along the scale of weights, what is masked left open for the hatching below. */
function draw(view, { up }) {
  const { rows, cols, pixels, looks, words } = view.data;
  const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
  view.open = !bytes.includes(MASKED); // nothing is masked
  let next = 0;
  for (const made of view.buttons.flat()) {
    const image = new ImageData(cols, rows);
    for (let i = 0; i < rows * cols; i++, next++) {
      if (bytes[next] === MASKED) continue;
      image.data.set(up[Math.round((bytes[next] / (MASKED - 1)) * 255)].colour, 4 * i);
      image.data[4 * i + 3] = 255;
    }
    made.firstChild.getContext("2d").putImageData(image, 0, 0);
    const { layer, head } = made.place;
    made.ariaLabel = fill(words.label, { layer: layer + 1, head: head + 1, look: looks[layer][head] });
  }
}

/** The head that the page says is chosen, unless it has not yet heard of a newer choice made here. */
function adopt(view, chosen) {
  const heard = !view.sent || JSON.stringify(chosen) === view.sent.text || Date.now() > view.sent.until;
  if (heard) mark(view, chosen);
  if (heard) view.sent = null;
  tell(view, view.chosen);
}

function mark(view, { layer, head }) {
  view.chosen = { layer, head };
  for (const made of view.buttons.flat()) {
    const here = made.place.layer === layer && made.place.head === head;
    made.setAttribute("aria-pressed", here);
    made.tabIndex = here ? 0 : -1;
  }
}

function choose(view, place) {
  mark(view, place);
  view.sent = { text: JSON.stringify(place), until: Date.now() + PATIENCE };
  view.send(place);
}

function move(view, { layer, head }, event) {
  const last = view.data.heads - 1;
  const moves = {
    ArrowUp: [layer - 1, head],
    ArrowDown: [layer + 1, head],
    ArrowLeft: [layer, head - 1],
    ArrowRight: [layer, head + 1],
  };
  Object.assign(moves, { Home: [layer, 0], End: [layer, last] });
  if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const [nextLayer, nextHead] = moves[event.key];
  const next = view.buttons[nextLayer]?.[nextHead];
  if (!next) return;
  for (const made of view.buttons.flat()) made.tabIndex = made === next ? 0 : -1;
  next.focus();
}

function tell(view, { layer, head }) {
  const { looks, words } = view.data;
  view.find("readout").textContent = fill(words.told, { layer: layer + 1, head: head + 1, look: looks[layer][head] });
}
