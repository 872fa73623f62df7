// One matrix as a CSV file: names in the first row and column, every number in full, −∞ as -inf.

import { fileName, keepFile } from "../keep.js";

const MARK = "\ufeff"; // by which spreadsheets know that the text is UTF-8

export function saveNumbers(view, id) {
  const text = csv(view.data.axes, view.panels[id]);
  keepFile(new Blob([MARK, text], { type: "text/csv" }), fileName(id, "csv"));
}

function csv(axes, { rows, cols, values }) {
  const [across, down] = [axes[cols], axes[rows]];
  const lines = values.map((line, row) => [quoted(down.labels[row]), ...line.map((x) => x ?? "-inf")]);
  return [["", ...across.labels.map(quoted)], ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
