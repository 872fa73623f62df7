// How a cell comes about: the cells it reads, and its arithmetic in lines of text, from the numbers of the panels.

import { el, fill, fine, label, symbol } from "../common.js";

const FEW = 8; // terms are all written; of more, the largest
const LARGEST = 6;

const column = (values, col) => values.map((line) => line[col]);
const add = (numbers) => numbers.reduce((sum, x) => sum + x, 0);
const length = (numbers) => Math.hypot(...numbers);
/** The row of a panel; a panel of one row counts for every row. */
const rowOf = (panel, row) => (panel.values.length === 1 ? 0 : row);

/** The parts of other panels that a cell is made from: { panel, row, col }, null for all of them. */
export function sources(panels, { panel, row, col }) {
  const { rule } = panels[panel];
  const cell = (id) => ({ panel: id, row: rowOf(panels[id], row), col });
  switch (rule?.kind) {
    case undefined:
      return [];
    case "dot": {
      const other = rule.transposed ? { panel: rule.b, row: col, col: null } : { panel: rule.b, row: null, col };
      return [{ panel: rule.a, row, col: null }, other, ...(rule.plus ? [cell(rule.plus)] : [])];
    }
    case "softmax":
      return [{ panel: rule.of, row, col: null }];
    case "sum":
      return rule.of.map(cell);
    case "cut":
      return [{ panel: rule.of, row: row + rule.row, col: col + rule.col }];
    case "join":
      return [joined(panels, rule, row, col)];
    case "mean":
      return [{ panel: rule.of, row, col: null }];
    case "deviation":
      return [{ panel: rule.of, row, col: null }, cell(rule.mean)];
    case "norm":
      return [cell(rule.of), { panel: rule.mean, row, col: 0 }, { panel: rule.std, row, col: 0 }];
    case "minus":
    case "times":
      return [cell(rule.a), cell(rule.b)];
    default:
      return [cell(rule.of)];
  }
}

/** Of panels that stand side by side, the one that a column belongs to. */
function joined(panels, rule, row, col) {
  for (const id of rule.of) {
    const width = panels[id].values[0].length;
    if (col < width) return { panel: id, row, col };
    col -= width;
  }
}

/** Lines of text and elements; the first is the result. `turn` is called to show all terms, or few again. */
export function arithmetic(view, place, turn) {
  const panel = view.panels[place.panel];
  const value = panel.values[place.row][place.col];
  const pen = { ...view, digits: view.data.digits, words: view.data.words, turn };
  const result = el("b", {}, value === null ? "−∞" : fine(value, pen.digits + 1));
  const first = [...named(view, place), " = ", result];
  if (panel.role === "mask") return [[...named(view, place), ` = ${value}: `, pen.words[value ? "may" : "may_not"]]];
  return panel.rule ? [first, ...RULES[panel.rule.kind](pen, panel.rule, place, value)] : [first];
}

/** "scores[4 dog, 2 the]" */
function named(view, { panel, row, col }) {
  const { symbol: name, role, rows, cols } = view.panels[panel];
  const [query, key] = [view.data.axes[rows].labels[row], view.data.axes[cols].labels[col]];
  return [el("b", { "data-role": role }, ...symbol(name)), "[", ...label(query), ", ", ...label(key), "]"];
}

/** A number in the colour of the panel it comes from; in brackets if it is negative. */
function number(pen, x, role = "plain") {
  const text = x === null ? "−∞" : fine(x, pen.digits);
  return el("span", { "data-role": role }, text.startsWith("−") ? `(${text})` : text);
}

const result = (pen, x) => fine(x, pen.digits + 1);
const root = (x) => {
  const square = Math.round(x * x);
  return x !== Math.round(x) && Math.abs(Math.sqrt(square) - x) < 1e-6
    ? `√${square}`
    : String(Number(x.toPrecision(4)));
};

/** A sum of terms { size, text }: all of them if few, or the largest and what the others come to. */
function series(pen, terms) {
  const few = terms.length <= FEW;
  const order =
    few || pen.all ? terms : [...terms].sort((a, b) => Math.abs(b.size) - Math.abs(a.size)).slice(0, LARGEST);
  const written = order.flatMap(({ text }, i) => (i ? [" + ", ...text] : text));
  if (few || !pen.turn) return few ? written : [...written, " + …"];
  const rest = add(terms.map((term) => term.size)) - add(order.map((term) => term.size));
  const more = { count: terms.length - LARGEST, sum: result(pen, rest) };
  const words = pen.all ? pen.words.fewer : fill(pen.words.more, more);
  const button = el("button", { type: "button", "aria-expanded": pen.all, onclick: pen.turn }, words);
  return [...written, pen.all ? " " : " + ", button];
}

const RULES = {
  dot(pen, rule, { row, col }) {
    const [a, b] = [pen.panels[rule.a], pen.panels[rule.b]];
    const [x, y] = [a.values[row], rule.transposed ? b.values[col] : column(b.values, col)];
    const terms = x.map((_, i) => ({
      size: x[i] * y[i],
      text: [number(pen, x[i], a.role), "·", number(pen, y[i], b.role)],
    }));
    const sum = add(terms.map((term) => term.size));
    const under = divisor(pen, rule, a, b, x, y);
    const plus = rule.plus ? pen.panels[rule.plus] : null;
    const extra = () => (plus ? [" + ", number(pen, plus.values[rowOf(plus, row)][col], plus.role)] : []);
    if (!under) return [["= ", ...series(pen, terms), ...extra()]];
    return [
      ["= (", ...series(pen, terms), ") / ", under.text, ...extra()], // made twice: an element stands in one place only
      [`= ${result(pen, sum)} / ${under.number}`, ...extra()],
    ];
  },

  mask(pen, rule, { row, col }, value) {
    if (value === null) return [[pen.words.forbidden]];
    return [["= ", ...named(pen, { panel: rule.of, row, col }), ": ", pen.words.allowed]];
  },

  softmax(pen, rule, { row, col }, value) {
    const line = pen.panels[rule.of].values[row];
    const open = line.filter((x) => x !== null);
    if (!open.length) return [[pen.words.nothing]];
    if (line[col] === null) return [[pen.words.zero]];
    const top = Math.max(...open);
    const shown = (x) => {
      const power = `${fine(x, pen.digits)} − ${fine(top, pen.digits).replace(/^−.*/, "($&)")}`;
      return rule.temperature === 1 ? `e^(${power})` : `e^((${power})/${rule.temperature})`;
    };
    const share = (x) => Math.exp((x - top) / rule.temperature);
    const terms = open.map((x) => ({ size: share(x), text: [shown(x)] }));
    const masked = line.length - open.length;
    const notes = [pen.words.largest, ...(masked ? [fill(pen.words.closed, { count: masked })] : [])];
    return [
      [`= ${shown(line[col])} / (`, ...series(pen, terms), ")"],
      [`= ${result(pen, share(line[col]))} / ${result(pen, add(terms.map((term) => term.size)))}`],
      [el("small", {}, notes.join(" "))],
    ];
  },

  sum(pen, rule, { row, col }) {
    const parts = rule.of.map((id) => pen.panels[id]);
    return [
      [
        "= ",
        ...parts.flatMap((part, i) => [i ? " + " : "", number(pen, part.values[rowOf(part, row)][col], part.role)]),
      ],
    ];
  },

  mean(pen, rule, { row }) {
    const line = pen.panels[rule.of].values[row];
    const terms = line.map((x) => ({ size: x, text: [number(pen, x)] }));
    return [
      ["= (", ...series(pen, terms), `) / ${line.length}`],
      [`= ${result(pen, add(line))} / ${line.length}`],
    ];
  },

  deviation(pen, rule, { row }) {
    const line = pen.panels[rule.of].values[row];
    const mean = pen.panels[rule.mean].values[row][0];
    const middle = number(pen, mean);
    const terms = line.map((x) => ({
      size: (x - mean) ** 2,
      text: ["(", number(pen, x), " − ", middle.cloneNode(true), ")²"],
    }));
    return [
      ["= √( (", ...series(pen, terms), `) / ${line.length} )`],
      [`= √( ${result(pen, add(terms.map((term) => term.size)))} / ${line.length} )`],
    ];
  },

  norm(pen, rule, { row, col }) {
    const at = (id, c) => number(pen, pen.panels[id].values[row][c]);
    return [["= (", at(rule.of, col), " − ", at(rule.mean, 0), ") / ", at(rule.std, 0)]];
  },

  minus(pen, rule, { row, col }) {
    const [a, b] = [rule.a, rule.b].map((id) => pen.panels[id]);
    const [x, y] = [a, b].map((part) => part.values[rowOf(part, row)][col]);
    const line = ["= ", number(pen, x ?? 0, a.role), " − ", number(pen, y ?? 0, b.role)];
    return x === null || y === null ? [line, [el("small", {}, pen.words.absent)]] : [line];
  },

  times(pen, rule, { row, col }) {
    const [a, b] = [rule.a, rule.b].map((id) => pen.panels[id]);
    return [["= ", number(pen, a.values[row][col], a.role), " · ", number(pen, b.values[row][col], b.role)]];
  },

  divide: (pen, rule, { row, col }) => [
    ["= ", number(pen, pen.panels[rule.of].values[row][col]), ` / ${root(rule.by)}`],
  ],

  cut: (pen, rule, { row, col }) => [["= ", ...named(pen, { panel: rule.of, row: row + rule.row, col: col + rule.col })]],

  join: (pen, rule, { row, col }) => [["= ", ...named(pen, joined(pen.panels, rule, row, col))]],

  apply: (pen, rule, { row, col }) => [
    [`= ${rule.name}(`, fine(pen.panels[rule.of].values[row][col], pen.digits), ")"],
  ],
};

/** What a dot product is divided by: a number, or the lengths of both vectors; null if by nothing. */
function divisor(pen, rule, a, b, x, y) {
  if (!rule.by_lengths) return rule.divide === 1 ? null : { text: root(rule.divide), number: root(rule.divide) };
  const lengths = [length(x), length(y)];
  return {
    text: `(|${a.symbol}|·|${b.symbol}|)`,
    number: `(${lengths.map((l) => result(pen, l)).join("·")})`,
  };
}
