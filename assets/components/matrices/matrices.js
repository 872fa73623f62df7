// A row of linked matrices: pointing at a cell lights up where it comes from; choosing it writes out its arithmetic.
// The page gives { axes, panels, digits, cell, words }; it hears of `cell` (a state) and `edit` (an event).

import { el, palette } from "../common.js";
import { arithmetic } from "./arithmetic.js";
import { editing } from "./editing.js";
import { savePicture } from "./picture.js";
import { drawRings } from "./rings.js";
import { saveNumbers } from "./numbers.js";
import { build, write } from "./table.js";

const PATIENCE = 3000; // milliseconds until what the page says, or does not say, counts again
const views = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".matrices");
  let view = views.get(root);
  if (!view) views.set(root, (view = open(root)));
  view.sendCell = (cell) => setStateValue("cell", cell);
  view.sendEdit = (edit) => setTriggerValue("edit", edit);
  update(view, data);
}

/** What one instance keeps between redraws. */
function open(root) {
  const view = { root, find: (name) => root.querySelector(`.${name}`), plots: new Map(), version: 0 };
  Object.assign(view, { pinned: null, pointed: null, all: false, numbers: false });
  Object.assign(view, { redraw: () => update(view, view.data), patience: PATIENCE });
  view.saveNumbers = (id) => saveNumbers(view, id);
  view.savePicture = () => savePicture(view);
  view.editor = editing(view);
  view.find("numbers").onclick = () => {
    view.numbers = !view.numbers;
    view.redraw();
  };
  root.addEventListener("keydown", (event) => event.key === "Escape" && view.pinned && pin(view, null));
  document.addEventListener("paste", hearPaste);
  return view;

  /** Safari tells of a paste at the edge of the component, not at the cell: so all are heard from outside. */
  function hearPaste(event) {
    if (!root.isConnected) return document.removeEventListener("paste", hearPaste);
    const cell = root.getRootNode().activeElement;
    if (root.contains(cell) && cell.matches("td[role]")) view.editor.paste(cell, event);
  }
}

function update(view, data) {
  view.data = data;
  view.version += 1;
  view.panels = Object.fromEntries(data.panels.map((panel) => [panel.id, panel]));
  const colours = palette(view.root);
  view.root.dataset.theme = colours.dark ? "dark" : "light";
  const frame = data.panels.map(({ values, base, scale, ...rest }) => rest);
  const drawn = JSON.stringify([view.numbers, data.axes, frame]);
  if (drawn !== view.drawn) rebuild(view);
  view.drawn = drawn;
  for (const panel of data.panels) write(view, panel, colours);
  view.editor.answered();
  adopt(view, data.cell ?? null);
  show(view);
}

/** New tables, when axes or panels changed; focus and scrolling stay as far as there is such a cell. */
function rebuild(view) {
  const focused = view.root.getRootNode().activeElement?.closest("td")?.place;
  const scrolled = [...view.plots].map(([id, plot]) => [id, plot.scroll.scrollLeft]);
  build(view);
  view.plots.forEach((plot) => listen(view, plot.table));
  for (const [id, left] of scrolled) if (view.plots.has(id)) view.plots.get(id).scroll.scrollLeft = left;
  if (focused && view.plots.has(focused.panel)) focus(view, focused);
}

/** The cell that the page says is chosen, unless it has not yet heard of a newer choice made here. */
function adopt(view, cell) {
  const heard = !view.sent || JSON.stringify(cell) === view.sent.text || Date.now() > view.sent.until;
  if (heard) view.pinned = cell;
  if (heard) view.sent = null;
  const exists = ({ panel, row, col }) => view.plots.get(panel)?.cells[row]?.[col];
  if (view.pinned && !exists(view.pinned)) view.pinned = null;
  if (view.pointed && !exists(view.pointed)) view.pointed = null;
}

function listen(view, table) {
  const heed = (name, answer) =>
    table.addEventListener(name, (event) => {
      const cell = event.target.closest("td[role]");
      if (cell && !event.target.closest("input")) answer(cell, event);
    });
  heed("pointerover", (cell) => point(view, cell.place));
  table.addEventListener("pointerleave", () => point(view, null));
  heed("focusin", (cell) => arrive(view, cell));
  table.addEventListener("focusout", () => point(view, null));
  heed("click", (cell) => choose(view, cell));
  heed("dblclick", (cell) => view.editor.start(cell));
  heed("keydown", (cell, event) => press(view, cell, event));
}

function point(view, place) {
  view.pointed = place;
  show(view);
}

/** One cell of each matrix takes part in the tab order: the one visited last. */
function arrive(view, cell) {
  const plot = view.plots.get(cell.place.panel);
  plot.current.tabIndex = -1;
  plot.current = cell;
  cell.tabIndex = 0;
  point(view, cell.place);
}

function focus(view, { panel, row, col }) {
  const { cells } = view.plots.get(panel);
  const line = cells[Math.max(0, Math.min(row, cells.length - 1))];
  const cell = line[Math.max(0, Math.min(col, line.length - 1))];
  cell.focus({ preventScroll: true });
  return cell;
}

const same = (a, b) => a && b && a.panel === b.panel && a.row === b.row && a.col === b.col;

/** A click chooses a cell; a second one lets go of it, or opens it where numbers can be changed. In a mask it flips. */
function choose(view, cell) {
  if (view.editor.flip(cell)) return;
  if (!same(cell.place, view.pinned)) pin(view, cell.place);
  else if (view.panels[cell.place.panel].editable) view.editor.start(cell);
  else pin(view, null);
}

function pin(view, place) {
  view.pinned = place;
  view.all = false;
  view.sent = { text: JSON.stringify(place), until: Date.now() + PATIENCE };
  view.sendCell(place);
  show(view);
}

function press(view, cell, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { panel, row, col } = cell.place;
  const moves = {
    ArrowUp: [row - 1, col],
    ArrowDown: [row + 1, col],
    ArrowLeft: [row, col - 1],
    ArrowRight: [row, col + 1],
  };
  Object.assign(moves, { Home: [row, 0], End: [row, Infinity] });
  if (event.key in moves) {
    const [nextRow, nextCol] = moves[event.key];
    focus(view, { panel, row: nextRow, col: nextCol }).scrollIntoView({ block: "nearest", inline: "nearest" });
  } else if (event.key === "Enter" || event.key === " ")
    view.editor.flip(cell) || pin(view, same(cell.place, view.pinned) ? null : cell.place);
  else if (!view.editor.typed(cell, event.key)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Rings around the pointed or chosen cell and all that belongs to it, and the lines below the matrices. */
function show(view) {
  const { words } = view.data;
  drawRings(view, view.pointed ?? view.pinned, view.pinned);
  const told = view.pointed && !same(view.pointed, view.pinned);
  const hint = !view.pinned ? words.hint : view.panels[view.pinned.panel].editable ? words.type : words.unpin;
  view.find("readout").replaceChildren(...(told ? arithmetic(view, view.pointed)[0] : [hint]));
  const written = JSON.stringify([view.pinned, view.all, view.version]);
  if (written === view.written) return;
  view.written = written;
  spell(view);
}

/** The chosen cell's arithmetic; the button in it, when pressed, keeps the focus. */
function spell(view) {
  const box = view.find("arithmetic");
  const held = box.contains(view.root.getRootNode().activeElement);
  const lines = view.pinned ? arithmetic(view, view.pinned, turn) : [];
  box.replaceChildren(...lines.map((line) => el("p", {}, ...line)));
  if (held) box.querySelector("button")?.focus();
  function turn() {
    view.all = !view.all;
    show(view);
  }
}
