// One step as a table with bars: from what the model says to what is drawn from.
// The page gives { columns, rows, words, open }; it hears of "take", the id of the token to go on with.

import { el, palette } from "../common.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".steps");
  root.dataset.theme = palette(root).dark ? "dark" : "light";
  root.querySelector("table").classList.toggle("many-columns", data.columns.length > 5);
  root.querySelector("caption").textContent = data.words.caption;
  root.querySelector("thead").replaceChildren(heading(data));
  body(root.querySelector("tbody"), data, (token) => setTriggerValue("take", token));
}

function heading({ columns, words }) {
  const others = columns.map(({ name, how }) => el("th", { scope: "col" }, name, el("small", {}, how)));
  return el("tr", {}, el("th", { scope: "col" }, words.token, el("small", {}, words.press)), ...others);
}

/** Lines stay where they are from one step to the next, so that their bars grow and shrink. */
function body(tbody, data, take) {
  while (tbody.rows.length > data.rows.length) tbody.deleteRow(-1);
  while (tbody.rows.length < data.rows.length) tbody.append(line(data.columns.length));
  data.rows.forEach((row, i) => write(tbody.rows[i], row, data, take));
}

function line(columns) {
  const cell = () => el("td", {}, el("span", { class: "number" }), el("span", { class: "track" }, el("i")));
  const token = el("button", { type: "button" }, el("bdi"));
  const head = el("th", { scope: "row" }, el("span", { class: "index" }), token, el("span", { class: "mark" }));
  return el("tr", {}, head, ...Array.from({ length: columns }, cell));
}

function write(line, row, { open, words }, take) {
  line.className = ["chosen", "cut", "many"].filter((name) => row[name]).join(" ");
  const [head, ...cells] = line.cells;
  head.querySelector(".index").textContent = row.many ? "" : row.rank;
  head.querySelector("bdi").textContent = row.name;
  head.querySelector(".mark").textContent = row.chosen ? words.chosen : "";
  const button = head.querySelector("button");
  button.disabled = !open || row.many > 0;
  button.title = button.disabled ? "" : words.take.replace("{token}", row.name);
  button.onclick = () => take(row.id);
  row.cells.forEach((cell, i) => put(cells[i], cell));
}

function put(cell, { text, bar, sign }) {
  cell.className = sign ?? "word";
  cell.querySelector(".number").textContent = text;
  const [from, to] = bar ?? [0, 0];
  Object.assign(cell.querySelector("i").style, { left: `${100 * from}%`, width: `${100 * (to - from)}%` });
}
