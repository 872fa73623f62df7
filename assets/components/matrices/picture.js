// The whole figure as a PNG, drawn anew from the panels' numbers: nothing is cut off by a small screen.

import { el, fine, label, paint, symbol } from "../common.js";
import { fileName } from "../keep.js";
import { Sheet } from "../sheet.js";
import { arithmetic, sources } from "./arithmetic.js";
import { joint, look, printed } from "./table.js";

const MARGIN = 28;
const WIDEST = 1600; // of the figure; beyond, panels go on below
const GAP = 26; // between panels, with room for the sign
const HEAD = 44;
const LEGEND = 26;
const LINE = 20; // of the arithmetic
const SMALL = 12;
const NAME = 110; // of a name, at most

export function savePicture(view) {
  const sheet = new Sheet(view.root);
  const plans = place(view.data.panels.map((panel, i) => plan(sheet, view, panel, joint(view.data.panels, i))));
  const width = Math.max(520, ...plans.map((p) => p.x + p.width));
  const bottom = Math.max(...plans.map((p) => p.y + p.height));
  const lines = view.pinned ? arithmetic(view, view.pinned) : [];
  const rows = lines.map((line) => sheet.wrap(line, width - 24));
  const under = rows.flat().length * LINE + 20;
  sheet.open(width + 2 * MARGIN, bottom + 2 * MARGIN + (rows.length ? under + 14 : 0));
  sheet.pen.translate(MARGIN, MARGIN);
  for (const p of plans) drawPanel(sheet, view, p);
  if (view.pinned) drawChosen(sheet, view, plans);
  if (rows.length) {
    sheet.box(0, bottom + 14, width, under, sheet.theme.card, 6);
    sheet.writeRows(12, bottom + 38, rows.flat(), LINE);
  }
  return sheet.save(fileName("matrices", "png"));
}

/** How large a panel and its parts are. */
function plan(sheet, view, panel, sign) {
  const { axes, digits } = view.data;
  const [rows, cols] = [axes[panel.rows].labels, axes[panel.cols].labels];
  const style = look(cols, view.numbers);
  const has = (name) => style.split(" ").includes(name);
  const wide = (texts, size) => Math.max(0, ...texts.map((text) => sheet.width(label(text), { size })));
  const texts = panel.values.map((line) => line.map((x) => printed(panel, x, digits)));
  const names = Math.min(NAME, Math.max(wide(rows, 13), 46)) + 10;
  const words = cols.map((text) => text.replace(/^\d+ /, ""));
  const numbers = Math.max(44, wide(texts.flat(), 13) + 12, Math.min(64, wide(words, 13) + 8));
  const [w, h] = has("small") ? [has("tiny") ? 10 : 15, 15] : [numbers, 26];
  const upright = has("small") && !has("counted");
  const above = upright ? Math.min(90, wide(cols, SMALL)) + 10 : has("counted") ? 24 : 40;
  const head = headOf(panel);
  const width = Math.max(names + w * cols.length, ...head.map((line) => sheet.width(line, { size: 13 }) + 12), 190);
  const height = HEAD + above + h * rows.length + LEGEND;
  return { panel, sign, rows, cols, texts, names, w, h, upright, has, above, head, width, height };
}

function headOf({ symbol: name, title, formula, shapes, shape }) {
  const first = [el("b", {}, ...symbol(name)), ` ${title} `];
  if (!formula) return [[...first, el("small", {}, shape)]];
  return [first, ["= ", ...symbol(formula), " ", el("small", {}, shapes)]];
}

/** From left to right, and on below where the sheet ends. */
function place(plans) {
  let [x, y, lowest] = [0, 0, 0];
  for (const p of plans) {
    if (x && x + p.width > WIDEST) [x, y] = [0, lowest + GAP];
    Object.assign(p, { x, y });
    x += p.width + GAP;
    lowest = Math.max(lowest, y + p.height);
  }
  return plans;
}

/** Where the cells of a planned panel begin. */
const origin = (p) => ({ x: p.x + p.names, y: p.y + HEAD + p.above });

function drawPanel(sheet, view, p) {
  const { panel, x, y } = p;
  const fill = sheet.colour(`${panel.role}-fill`);
  const known = ["query", "key", "value", "output"].includes(panel.role);
  sheet.box(x, y, 3, HEAD - 6, known ? fill : sheet.theme.border);
  const [first, second] = p.head;
  sheet.write(x + 10, y + 15, first[0], { size: 15, colour: known ? sheet.colour(panel.role) : sheet.theme.text });
  const start = x + 10 + sheet.width(first[0], { size: 15 });
  sheet.write(start, y + 15, first.slice(1), { size: 13, colour: sheet.muted });
  if (second) sheet.write(x + 10, y + 33, second, { size: 13, colour: sheet.muted });
  drawNames(sheet, view, p);
  p.texts.forEach((line, row) => line.forEach((text, col) => drawCell(sheet, p, row, col, text)));
  const print = (number) => fine(number, view.data.digits);
  const right = x + p.names + p.w * p.cols.length;
  if (panel.scale) sheet.legend(Math.max(right, x + 150), y + p.height - 6, panel.scale, print);
  const middle = origin(p).y + (p.h * p.rows.length) / 2 + 7;
  const bold = { size: 20, weight: 700, colour: sheet.muted, align: 0.5 };
  sheet.write(x + p.width + GAP / 2, middle, p.sign, bold);
}

function drawNames(sheet, view, p) {
  const { x, y } = origin(p);
  const [rows, cols] = [view.data.axes[p.panel.rows], view.data.axes[p.panel.cols]];
  const quiet = { size: 11, colour: sheet.muted, align: 1, most: p.names - 8 };
  sheet.write(x - 6, y - 18, `${cols.name} →`, quiet);
  sheet.write(x - 6, y - 5, `${rows.name} ↓`, quiet);
  p.rows.forEach((text, row) => {
    const size = p.has("small") ? SMALL : 13;
    sheet.write(x - 6, y + (row + 0.5) * p.h + 4.5, label(text), { size, align: 1, most: p.names - 8 });
  });
  p.cols.forEach((text, col) => drawColumnName(sheet, p, label(text), x + (col + 0.5) * p.w, y, col));
}

function drawColumnName(sheet, p, name, x, y, col) {
  if (p.upright) return sheet.writeUp(x + 4, y - 5, name, { size: SMALL, most: 90 });
  if (p.has("tiny") && col % 4 !== 3) return;
  if (p.has("small")) return sheet.write(x, y - 5, name, { size: 10, align: 0.5 });
  const [index, word] = name.length > 1 ? name : [null, name[0]];
  if (index) sheet.write(x, y - 20, index, { size: 13, align: 0.5 });
  sheet.write(x, y - 5, word, { size: 13, align: 0.5, most: p.w - 2 });
}

function drawCell(sheet, p, row, col, text) {
  const { panel, w, h } = p;
  const value = panel.values[row][col];
  const [x, y] = [origin(p).x + col * w, origin(p).y + row * h];
  const radius = p.has("small") ? 2 : 3;
  const painted = value !== null && panel.scale ? paint(sheet.theme.colours, panel.scale, value) : null;
  if (value === null) sheet.masked(x, y, w - 1, h - 1, radius);
  else sheet.box(x, y, w - 1, h - 1, painted?.fill ?? sheet.theme.card, radius);
  const colour = value === null ? sheet.muted : (painted?.ink ?? sheet.theme.text);
  if (!p.has("small")) sheet.write(x + (w - 1) / 2, y + h / 2 + 4, text, { size: 13, colour, align: 0.5 });
  if (panel.base && panel.base[row][col] !== value) drawDot(sheet, x + w - 7, y + 6);
}

/** A number that was changed. */
function drawDot(sheet, x, y) {
  sheet.box(x - 4.5, y - 4.5, 9, 9, sheet.theme.background, 4.5);
  sheet.box(x - 3.5, y - 3.5, 7, 7, sheet.theme.text, 3.5);
}

/** The chosen cell, and what it is computed from. */
function drawChosen(sheet, view, plans) {
  const ring = ({ panel, row, col }, colour) => {
    const p = plans.find((one) => one.panel.id === panel);
    const [rows, cols] = [row === null ? p.rows.length : 1, col === null ? p.cols.length : 1];
    const { x, y } = origin(p);
    sheet.frame(x + (col ?? 0) * p.w - 1, y + (row ?? 0) * p.h - 1, cols * p.w + 1, rows * p.h + 1, colour);
  };
  for (const part of sources(view.panels, view.pinned)) ring(part, sheet.theme.text);
  ring(view.pinned, sheet.theme.primary);
}
