// The whole figure as a PNG, drawn anew from the panels' numbers: nothing is cut off by a small screen.

import { el, fine, label, paint, symbol } from "../common.js";
import { fileName } from "../keep.js";
import { Sheet } from "../sheet.js";
import { arithmetic, sources } from "./arithmetic.js";
import { firsts, joint, look, printed } from "./table.js";

const MARGIN = 28;
const WIDEST = 1600; // of the figure; beyond, panels go on below
const GAP = 26; // between panels, with room for the sign
const HEAD = 44;
const LEGEND = 26;
const LINE = 20; // of the arithmetic
const SMALL = 12;
const NAME = 110; // of a name, at most
const GROUP = 20; // the line that names groups of columns
const BREAK = 6; // between two groups

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
  const [down, across] = [axes[panel.rows], axes[panel.cols]];
  const [rows, cols] = [down.labels, across.labels];
  const style = look(cols, view.numbers);
  const has = (name) => style.split(" ").includes(name);
  const wide = (texts, size) => Math.max(0, ...texts.map((text) => sheet.width(label(text), { size })));
  const texts = panel.values.map((line) => line.map((x) => printed(panel, x, digits)));
  const names = Math.min(NAME, Math.max(wide(rows, 13), 46)) + 10;
  const words = cols.map((text) => text.replace(/^\d+ /, ""));
  const numbers = Math.max(44, wide(texts.flat(), 13) + 12, Math.min(64, wide(words, 13) + 8));
  const [w, h] = has("small") ? [has("tiny") ? 10 : 15, 15] : [numbers, 26];
  const upright = has("small") && !has("counted");
  const left = steps(across, w);
  const top = steps(down, h);
  const named = across.groups ? GROUP : 0;
  const above = named + (upright ? Math.min(90, wide(cols, SMALL)) + 10 : has("counted") ? 24 : 40);
  const head = headOf(panel);
  const width = Math.max(names + left.at(-1), ...head.map((line) => sheet.width(line, { size: 13 }) + 12), 190);
  const height = HEAD + above + top.at(-1) + LEGEND;
  return { panel, sign, rows, cols, texts, names, w, h, left, top, across, upright, has, above, head, width, height };
}

/** Where each row or column begins, and in the end where the last one ends; groups stand apart. */
function steps(axis, size) {
  const breaks = firsts(axis);
  return [...axis.labels, null].map((_, i) => i * size + BREAK * breaks.filter((first) => first <= i).length);
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
    if (x && (p.panel.starts || x + p.width > WIDEST)) [x, y] = [0, lowest + GAP];
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
  const right = x + p.names + p.left.at(-1);
  if (panel.scale) sheet.legend(Math.max(right, x + 150), y + p.height - 6, panel.scale, print);
  const middle = origin(p).y + p.top.at(-1) / 2 + 7;
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
    sheet.write(x - 6, y + p.top[row] + p.h / 2 + 4.5, label(text), { size, align: 1, most: p.names - 8 });
  });
  p.cols.forEach((text, col) => drawColumnName(sheet, p, label(text), x + p.left[col] + p.w / 2, y, col));
  drawGroups(sheet, p);
}

/** A line above the names of columns that says what they belong to. */
function drawGroups(sheet, p) {
  const { groups } = p.across;
  if (!groups) return;
  const { x, y } = origin(p);
  const starts = [0, ...firsts(p.across)];
  starts.forEach((start, i) => {
    const end = starts[i + 1] ?? groups.length;
    const [from, to] = [p.left[start], p.left[end - 1] + p.w];
    const line = y - p.above + GROUP - 4;
    sheet.write(x + (from + to) / 2, line - 5, groups[start], { size: SMALL, align: 0.5, most: to - from });
    sheet.box(x + from + 1, line, to - from - 2, 3, sheet.colour(`${p.panel.role}-fill`));
  });
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
  const [x, y] = [origin(p).x + p.left[col], origin(p).y + p.top[row]];
  const radius = p.has("small") ? 2 : 3;
  const painted = value !== null && panel.scale ? paint(sheet.theme.colours, panel.scale, value) : null;
  const closed = value === null || (panel.role === "mask" && !value);
  if (closed) sheet.masked(x, y, w - 1, h - 1, radius);
  else sheet.box(x, y, w - 1, h - 1, painted?.fill ?? sheet.theme.card, radius);
  const colour = closed ? sheet.muted : (painted?.ink ?? sheet.theme.text);
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
    const [left, right] = [p.left[col ?? 0], p.left[col ?? p.cols.length - 1] + p.w];
    const [top, bottom] = [p.top[row ?? 0], p.top[row ?? p.rows.length - 1] + p.h];
    const { x, y } = origin(p);
    sheet.frame(x + left - 1, y + top - 1, right - left + 1, bottom - top + 1, colour);
  };
  for (const part of sources(view.panels, view.pinned)) ring(part, sheet.theme.text);
  ring(view.pinned, sheet.theme.primary);
}
