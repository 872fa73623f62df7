// The lines as a PNG: all of them, or those of the token that is kept.

import { fixed, label } from "../common.js";
import { fileName } from "../keep.js";
import { Sheet } from "../sheet.js";

const MARGIN = 28;
const BETWEEN = 340; // of the lines, from column to column
const PITCH = 32;
const MOST = 200; // of a name
const SIDES = { query: 0, key: 1 };

export function savePicture(view) {
  const { rows, cols, words, lines } = view.data;
  const sheet = new Sheet(view.root);
  const wide = (texts) => Math.min(MOST, Math.max(...texts.map((text) => sheet.width(label(text))))) + 54;
  const [left, right] = [wide([words.queries, ...rows]), wide([words.keys, ...cols])];
  const height = 34 + PITCH * Math.max(rows.length, cols.length);
  sheet.open(left + BETWEEN + right + 2 * MARGIN, height + 2 * MARGIN);
  sheet.pen.translate(MARGIN, MARGIN);
  const { kept } = view;
  const mine = kept ? lines.filter((line) => line[SIDES[kept.side]] === kept.index) : lines;
  for (const line of [...mine].reverse()) drawLine(sheet, view, left, line);
  drawSide(sheet, view, "query", left, -1, mine);
  drawSide(sheet, view, "key", left + BETWEEN, 1, mine);
  return sheet.save(fileName("lines", "png"));
}

const levelOf = (index) => 34 + (index + 0.5) * PITCH;

function drawLine(sheet, view, x, [query, key, weight]) {
  const [from, to, middle] = [levelOf(query), levelOf(key), x + BETWEEN / 2];
  const { pen } = sheet;
  pen.globalAlpha = Math.max(view.kept ? 0.6 : 0, 0.25 + 0.75 * weight);
  pen.beginPath();
  pen.moveTo(x + 2, from);
  pen.bezierCurveTo(middle, from, middle, to, x + BETWEEN - 2, to);
  sheet.stroke(view.root.style.getPropertyValue("--line"), 0.75 + 5.25 * weight);
  pen.globalAlpha = 1;
}

/** A column of tokens, outside of x: to its left (-1) or right (1); the numbers of a kept token's lines with them. */
function drawSide(sheet, view, role, x, way, mine) {
  const { rows, cols, words } = view.data;
  const { kept } = view;
  const align = way < 0 ? 1 : 0;
  const title = role === "query" ? words.queries : words.keys;
  sheet.write(x + 10 * way, 14, title, { weight: 700, colour: sheet.colour(role), align });
  (role === "query" ? rows : cols).forEach((text, index) => {
    const y = levelOf(index);
    const here = kept?.side === role && kept.index === index;
    const line = kept && kept.side !== role ? mine.find((one) => one[SIDES[role]] === index) : null;
    sheet.box(x - (way < 0 ? 0 : 3), y - PITCH / 2, 3, PITCH, sheet.colour(`${role}-fill`));
    const number = line ? fixed(line[2], 2) : "";
    if (line) sheet.write(x + 12 * way, y + 4.5, number, { weight: 600, size: 12, align });
    const start = x + way * (12 + (line ? 36 : 0));
    sheet.write(start, y + 4.5, label(text), { most: MOST, weight: here ? 700 : 400, align });
  });
}
