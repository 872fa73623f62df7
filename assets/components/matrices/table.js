// The tables: built when axes or panels change, written whenever numbers do.

import { el, fill, fine, fixed, gradient, label, paint, symbol } from "../common.js";
import { keeper } from "../keep.js";

const MOST_NUMBERS = 16; // columns; a wider matrix shows colours only, unless numbers are asked for
const ROOMY = 8; // columns, up to which a name may make its column wider
const LETTERS = 12; // letters, up to which it does
const TINY = 24; // columns; beyond, the squares are smaller still

export function build(view) {
  const { axes, panels, words } = view.data;
  view.plots.clear();
  const picture = keeper("PNG", words.png, () => view.savePicture());
  const line = () => el("div", { class: "break" });
  const units = panels.flatMap((panel, i) => [...(panel.starts ? [line()] : []), unit(view, panel, joint(panels, i))]);
  view.find("panels").replaceChildren(...units, picture);
  const button = view.find("numbers");
  button.hidden = !panels.some((panel) => axes[panel.cols].labels.length > MOST_NUMBERS);
  button.textContent = words.numbers;
  button.setAttribute("aria-pressed", view.numbers);
}

const SIGNS = { dot: "·", minus: "−", times: "⊙", sum: "+" };

/** The sign after a panel: ·, − or + where the next joins it in another's rule, → where the next is computed. */
export function joint(panels, i) {
  const [here, next] = [panels[i], panels[i + 1]?.starts ? undefined : panels[i + 1]];
  const both = (of) => of.includes(here.id) && of.includes(next.id);
  const joins = (rule) => (rule?.kind === "sum" ? both(rule.of) : rule?.a === here.id && rule.b === next.id);
  if (next?.rule?.kind === "cut" && next.rule.of !== here.id) return ""; // two parts of one panel
  const sign = next && SIGNS[panels.find(({ rule }) => joins(rule))?.rule.kind];
  return next?.rule && sign !== SIGNS.minus ? "→" : (sign ?? "");
}

function unit(view, panel, sign) {
  const shape = (text) => el("span", { class: "shape" }, text);
  const head = el("header", {}, el("p", {}, el("b", {}, ...symbol(panel.symbol)), ` ${panel.title} `));
  if (panel.formula) head.append(el("p", {}, "= ", ...symbol(panel.formula), " ", shape(panel.shapes)));
  else head.firstChild.append(shape(panel.shape));
  const plot = grid(view, panel);
  plot.rings = el("div", { class: "rings", "aria-hidden": "true" });
  plot.scroll = el("div", { class: "scroll" }, el("div", { class: "plot" }, plot.table, plot.rings));
  plot.legend = el("div", { class: "legend", "aria-hidden": "true" }, el("span"), el("i"), el("span"));
  view.plots.set(panel.id, plot);
  const body = el("section", { class: "panel", "data-role": panel.role }, head, plot.scroll);
  const csv = keeper("CSV", fill(view.data.words.csv, { name: panel.symbol }), () => view.saveNumbers(panel.id));
  body.append(el("footer", {}, csv, ...(panel.scale ? [plot.legend] : [])));
  const kind = sign === "→" ? "joint on" : "joint";
  return el("div", { class: "unit" }, body, el("span", { class: kind, "aria-hidden": "true" }, sign));
}

/** A table whose cells know their place. */
function grid(view, panel) {
  const [rows, cols] = [view.data.axes[panel.rows], view.data.axes[panel.cols]];
  const name = (scope) => (text) => el("th", { scope, title: text }, el("div", {}, ...label(text)));
  const [rowNames, colNames] = [rows.labels.map(name("row")), cols.labels.map(name("col"))];
  if (cols.labels.length <= ROOMY) colNames.forEach((made, col) => widen(made, cols.labels[col].replace(/^\d+ /, "")));
  const cells = rows.labels.map((_, row) => cols.labels.map((_, col) => cell({ panel: panel.id, row, col })));
  const corner = el("td", { class: "corner" }, el("div", {}, `${cols.name} →`), el("div", {}, `${rows.name} ↓`));
  const body = cells.map((line, row) => el("tr", {}, rowNames[row], ...line));
  const about = { role: "grid", "aria-label": `${panel.symbol}, ${panel.title}, ${panel.shape}` };
  const table = el("table", { ...about, "aria-readonly": !panel.editable, class: look(cols.labels, view.numbers) });
  const names = el("tr", {}, corner, ...colNames);
  table.append(el("thead", {}, ...groupNames(cols), names), el("tbody", {}, ...body));
  firsts(cols).forEach((col) => [colNames, ...cells].forEach((line) => (line[col].dataset.first = "col")));
  firsts(rows).forEach((row) => (body[row].dataset.first = "row"));
  cells[0][0].tabIndex = 0;
  return { table, cells, rows: rowNames, cols: colNames, current: cells[0][0] };
}

/** Room for a column's name, unless its numbers need more. */
function widen(heading, name) {
  if (name.length > 5) heading.style.setProperty("--name", Math.min(LETTERS, name.length));
}

/** Where a new group begins, but for the first. */
export const firsts = ({ groups = [] }) => groups.flatMap((name, i) => (i && name !== groups[i - 1] ? [i] : []));

/** A line above the names of columns that says what they belong to. */
function groupNames({ groups = [] }) {
  if (!groups.length) return [];
  const starts = [0, ...firsts({ groups })];
  const spans = starts.map((start, i) => (starts[i + 1] ?? groups.length) - start);
  const names = starts.map((start, i) => el("th", { scope: "colgroup", colspan: spans[i] }, el("div", {}, groups[start])));
  return [el("tr", { class: "groups" }, el("td"), ...names)];
}

function cell(place) {
  const made = document.createElement("td");
  made.role = "gridcell";
  made.tabIndex = -1;
  made.place = place;
  return made;
}

/** Numbers while they fit; names of columns side by side with them, or upright over small squares. */
export function look(names, numbers) {
  const small = names.length > MOST_NUMBERS && !numbers;
  const counted = names.every((text) => /^\d+$/.test(text));
  return [small && "small", small && names.length > TINY && "tiny", counted && "counted"].filter(Boolean).join(" ");
}

/** A number as it stands in a cell: a weight of exactly 0 is told from one that is only small. */
export const printed = ({ role }, value, digits) => (role === "mask" ? String(value) : value === 0 && role === "weights" ? "0" : fixed(value, digits));

/** The numbers, their colours, and what a screen reader says; only where something changed. */
export function write(view, panel, colours) {
  const { axes, digits, words } = view.data;
  const plot = view.plots.get(panel.id);
  const written = JSON.stringify([panel.values, panel.base, panel.scale, digits, colours.dark]);
  if (written === plot.written && !view.editor.waits()) return;
  plot.written = written;
  const [rows, cols] = [axes[panel.rows], axes[panel.cols]];
  let longest = 4;
  plot.cells.forEach((line, row) => {
    const start = `${panel.symbol}, ${rows.name} ${rows.labels[row]}, ${cols.name} `;
    line.forEach((cell, col) => {
      const value = panel.values[row][col];
      const base = panel.base ? panel.base[row][col] : value;
      const was = base === value ? "" : fill(words.was, { value: fine(base, digits) });
      const text = printed(panel, value, digits);
      const said = `${value === null ? words.masked : panel.role === "mask" ? text : fine(value, digits)}${was && `, ${was}`}`;
      longest = Math.max(longest, text.length);
      if (cell !== view.editor.cell) cell.textContent = text;
      const paints = value === null || !panel.scale ? null : paint(colours, panel.scale, value);
      cell.style.cssText = paints ? `background:${paints.fill};color:${paints.ink}` : "";
      const masked = value === null || (panel.role === "mask" && !value);
      cell.className = [masked && "masked", was && "changed"].filter(Boolean).join(" ");
      cell.ariaLabel = `${start}${cols.labels[col]}: ${said}`;
      if (panel.base) cell.title = was;
    });
  });
  plot.table.style.setProperty("--longest", longest);
  if (panel.scale) legend(plot.legend, panel.scale, colours, digits);
}

function legend(box, scale, colours, digits) {
  const [low, bar, high] = box.children;
  const signed = scale.kind === "diverging";
  low.textContent = signed ? fine(-scale.max, digits) : "0";
  high.textContent = signed ? fine(scale.max, digits) : String(scale.max);
  bar.style.background = gradient(colours, scale);
}
