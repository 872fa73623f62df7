// A block of cells as it comes from a spreadsheet, a CSV file or a line of text.

import { readNumber } from "../number.js";

/**
 * Pasted text as rows of texts. The mark between cells is the same for the whole block: a tab, as spreadsheets have it;
 * else a semicolon, a blank or a comma, whichever leaves numbers. Empty cells keep their places; a line of headings and
 * a column of labels, as our own CSV has them, are left out.
 */
export function pastedBlock(text) {
  const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  const blocks = marks(lines).map((mark) => withoutNames(lines.map((line) => cellsOf(line, mark))));
  return blocks.find((rows) => rows.flat().every((cell) => !cell || isNumber(cell))) ?? blocks[0];
}

const isNumber = (text) => readNumber(text) !== null;

/** What may stand between the cells of these lines, the likeliest first; "" where each line is one cell. */
function marks(lines) {
  const held = (mark) => lines.some((line) => line.trim().includes(mark));
  if (lines.some((line) => line.includes("\t"))) return ["\t"];
  if (held(";")) return [";"];
  const single = (line) => isNumber(line) || /^[^,"]*,[^,."]*$/.test(line); // 1,234 is not two numbers: it is refused
  const written = (line) => !line.includes(" ") || /[/%]/.test(line); // 1 / 3 and 27 % are one number
  if (lines.map((line) => line.trim()).every((line) => !line || (single(line) && written(line)))) return [""];
  return held(" ") ? [" ", ","] : [","];
}

/** One line by its mark; a cell in quotes may hold the mark itself. */
function cellsOf(line, mark) {
  if (!mark) return [line.trim()];
  const cells = [""];
  let quoted = false;
  for (const sign of mark === " " ? line.trim().replace(/,? +/g, " ") : line) {
    if (sign === '"') quoted = !quoted;
    else if (sign === mark && !quoted) cells.push("");
    else cells[cells.length - 1] += sign;
  }
  return cells.map((cell) => cell.trim());
}

function withoutNames(rows) {
  const named = (cells) => cells.some((cell) => cell) && !cells.some(isNumber);
  const body = rows.length > 1 && named(rows[0]) ? rows.slice(1) : rows;
  const labelled = body.every((row) => row.length > 1) && named(body.map((row) => row[0]));
  return labelled ? body.map((row) => row.slice(1)) : body;
}
