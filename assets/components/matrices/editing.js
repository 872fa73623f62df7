// Numbers typed over or pasted from a spreadsheet. What cannot be used is refused in a sentence; the old value stays.

import { el, fill, fixed } from "../common.js";
import { readNumber, twofold } from "../number.js";
import { pastedBlock } from "./pasted.js";

const LIMIT = 1e6;

/** For the view: start(cell), typed(cell, key), paste(cell, event), waits(), and answered() after each redraw. */
export function editing(view) {
  const unanswered = new Map(); // changes sent and not yet seen in the numbers: a fast typist is not to lose one
  const box = view.find("message");
  let waiting;

  function tell(words = "", values = {}) {
    box.textContent = fill(words, values);
    box.hidden = !words;
  }

  function refuse(text) {
    const [one, other] = twofold(text) ?? [];
    tell(one ? view.data.words.twofold : view.data.words.refused, { text: text.trim() || " ", one, other });
  }

  const editable = (cell) => view.panels[cell.place.panel].editable;

  function send(panel, changes) {
    for (const change of changes) unanswered.set(`${panel} ${change.row} ${change.col}`, { panel, change });
    const open = [...unanswered.values()].filter((entry) => entry.panel === panel).map((entry) => entry.change);
    view.sendEdit({ panel, changes: open });
    clearTimeout(waiting);
    waiting = setTimeout(view.redraw, view.patience); // a page that takes no edit sends no new numbers
  }

  const tools = { start, typed, paste, flip, answered, waits: () => unanswered.size > 0, cell: null };

  function answered() {
    clearTimeout(waiting);
    unanswered.clear();
  }

  /** A cell of a mask, from 1 to 0 or back; false for any other cell. */
  function flip(cell) {
    const { panel, row, col } = cell.place;
    if (!editable(cell) || view.panels[panel].role !== "mask") return false;
    const held = unanswered.get(`${panel} ${row} ${col}`)?.change.value ?? view.panels[panel].values[row][col];
    cell.textContent = held ? "0" : "1";
    cell.classList.toggle("masked", held);
    send(panel, [{ row, col, value: held ? 0 : 1 }]);
    return true;
  }

  /** An input in place of the number. Enter keeps what is typed, so does leaving it; Escape does not. */
  function start(cell, typed) {
    if (!editable(cell) || tools.cell === cell) return;
    const { panel, row, col } = cell.place;
    if (view.panels[panel].role === "mask" && typed === undefined) return; // its clicks flip
    tell();
    const value = view.panels[panel].values[row][col];
    const input = el("input", {
      autocomplete: "off",
      "aria-label": cell.getAttribute("aria-label"),
    });
    input.value = typed ?? String(value ?? "");
    tools.cell = cell;
    cell.replaceChildren(input);
    input.focus();
    if (typed === undefined) input.select();
    const close = (keep) => {
      if (tools.cell !== cell) return;
      tools.cell = null;
      const held = view.root.getRootNode().activeElement === input;
      cell.textContent = fixed(value, view.data.digits);
      if (held) cell.focus({ preventScroll: true });
      if (keep) commit(cell, input.value, value);
    };
    input.onblur = () => close(true);
    input.onpaste = (event) => {
      if (!/[\t\n]/.test(event.clipboardData.getData("text/plain").trim())) return;
      close(false);
      paste(cell, event);
    };
    input.onkeydown = (event) => {
      event.stopPropagation(); // Streamlit has shortcuts of its own, on single letters
      if (event.isComposing) return; // this Enter ends a word of Korean, Japanese or Chinese, not the cell
      if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
      if (event.key === "Enter" || event.key === "Tab") close(true);
      if (event.key === "Escape") close(false);
    };
  }

  function commit(cell, text, old) {
    const { panel, row, col } = cell.place;
    const value = inLimits(text);
    if (value === null) return refuse(text);
    if (value === old) return;
    cell.textContent = fixed(value, view.data.digits);
    send(panel, [{ row, col, value }]);
  }

  /** A block of numbers, from this cell to the right and down; all of it, or none. Empty cells change nothing. */
  function paste(cell, event) {
    if (!editable(cell)) return;
    event.preventDefault();
    event.stopPropagation();
    tell();
    const { panel, row, col } = cell.place;
    const { cells } = view.plots.get(panel);
    const block = pastedBlock(event.clipboardData.getData("text/plain"));
    const filled = block.flat().filter((text) => text);
    const wrong = filled.length ? filled.find((text) => inLimits(text) === null) : "";
    if (wrong !== undefined) return refuse(wrong);
    const [height, width] = [block.length, Math.max(...block.map((line) => line.length))];
    const [rows, cols] = [cells.length - row, cells[0].length - col];
    if (height > rows || width > cols) return tell(view.data.words.large, { height, width, rows, cols });
    const change = (text, i, j) => ({ row: row + i, col: col + j, value: inLimits(text) });
    const changes = block.flatMap((line, i) => line.map((text, j) => text && change(text, i, j)));
    send(panel, changes.filter(Boolean)); // an empty cell leaves what stands there
  }

  /** Whether a pressed key begins to type a number over the old one, or opens it. */
  function typed(cell, key) {
    if (!editable(cell) || !/^([-−+.,\d]|F2|Backspace|Delete)$/.test(key)) return false;
    start(cell, key === "F2" ? undefined : key.length === 1 ? key : "");
    return true;
  }

  return tools;
}

/** A number that a cell can hold; null for anything else. */
function inLimits(text) {
  const value = readNumber(text);
  return value !== null && Math.abs(value) <= LIMIT ? value : null;
}
