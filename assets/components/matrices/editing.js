// Numbers typed over or pasted from a spreadsheet. What cannot be used is refused in a sentence; the old value stays.

import { el, fill, fixed } from "../common.js";

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
      inputmode: "decimal",
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
      if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
      if (event.key === "Enter" || event.key === "Tab") close(true);
      if (event.key === "Escape") close(false);
    };
  }

  function commit(cell, text, old) {
    const { panel, row, col } = cell.place;
    const value = read(text);
    if (value === null) return tell(view.data.words.refused, { text: text.trim() || " " });
    if (value === old) return;
    cell.textContent = fixed(value, view.data.digits);
    send(panel, [{ row, col, value }]);
  }

  /** A block of numbers, from this cell to the right and down; all of it, or none. */
  function paste(cell, event) {
    if (!editable(cell)) return;
    event.preventDefault();
    event.stopPropagation();
    tell();
    const { panel, row, col } = cell.place;
    const { cells } = view.plots.get(panel);
    const block = split(event.clipboardData.getData("text/plain"));
    const wrong = block.flat().find((text) => read(text) === null);
    if (wrong !== undefined) return tell(view.data.words.refused, { text: wrong.trim() || " " });
    const [height, width] = [block.length, Math.max(...block.map((line) => line.length))];
    const [rows, cols] = [cells.length - row, cells[0].length - col];
    if (height > rows || width > cols) return tell(view.data.words.large, { height, width, rows, cols });
    send(
      panel,
      block.flatMap((line, i) => line.map((text, j) => ({ row: row + i, col: col + j, value: read(text) }))),
    );
  }

  /** Whether a pressed key begins to type a number over the old one, or opens it. */
  function typed(cell, key) {
    if (!editable(cell) || !/^([-−+.,\d]|F2|Backspace|Delete)$/.test(key)) return false;
    start(cell, key === "F2" ? undefined : key.length === 1 ? key : "");
    return true;
  }

  return tools;
}

/** A number as people write it: 0.5, .5, 0,5, −2, 1e-3; null for anything else, and for what is too large. */
export function read(text) {
  const plain = text
    .trim()
    .replace("−", "-")
    .replace(/^([-+]?\d*),(\d+)$/, "$1.$2");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= LIMIT ? value : null;
}

/** Pasted text as rows of texts: by tabs as spreadsheets do, or by semicolons, blanks or commas. */
export function split(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  const mark = /\t/.test(text) ? /\t/ : /;/.test(text) ? /;/ : /,\s|,(?=[^,]*,)|\s+/;
  return lines.map((line) => line.trim().split(mark));
}
