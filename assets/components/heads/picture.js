// All heads as a PNG.

import { fill } from "../common.js";
import { fileName } from "../keep.js";
import { Sheet } from "../sheet.js";

const MARGIN = 28;
const SIDE = 112; // of one picture, at its longer side
const GAP = 12;
const TITLE = 34;
const HEADS = 24; // the columns' names

export function savePicture(view) {
  const { layers, heads, rows, cols, names, words } = view.data;
  const sheet = new Sheet(view.root);
  const [w, h] = [(SIDE * cols) / Math.max(rows, cols), (SIDE * rows) / Math.max(rows, cols)];
  const titles = Array.from({ length: layers }, (_, i) => fill(words.layer, { layer: i + 1 }));
  const left = Math.max(...titles.map((title) => sheet.width(title))) + GAP;
  const under = names ? 18 : 0;
  const [across, down] = [w + GAP, h + under + GAP];
  const width = Math.max(left + heads * across - GAP, sheet.width(words.grid, { size: 14, weight: 600 }), 320);
  const height = TITLE + HEADS + layers * down + 20;
  sheet.open(width + 2 * MARGIN, height + 2 * MARGIN);
  sheet.pen.translate(MARGIN, MARGIN);
  sheet.write(0, 14, words.grid, { size: 14, weight: 600 });
  const quiet = { colour: sheet.muted };
  for (const made of view.buttons.flat()) {
    const { layer, head } = made.place;
    const [x, y] = [left + head * across, TITLE + HEADS + layer * down];
    if (!layer) sheet.write(x + w / 2, y - 8, fill(words.head, { head: head + 1 }), { ...quiet, align: 0.5 });
    if (!head) sheet.write(0, y + h / 2 + 4, titles[layer], quiet);
    drawHead(sheet, made.firstChild, x, y, w, h);
    if (names) sheet.write(x + w / 2, y + h + 14, names[layer][head], { size: 11, ...quiet, align: 0.5, most: w });
    const chosen = view.chosen.layer === layer && view.chosen.head === head;
    if (chosen) sheet.frame(x - 3, y - 3, w + 6, h + 6, sheet.theme.primary, { line: 3, radius: 5 });
  }
  drawKey(sheet, view, width, height - 2);
  return sheet.save(fileName("heads", "png"));
}

function drawHead(sheet, canvas, x, y, w, h) {
  drawHatching(sheet, x, y, w, h);
  sheet.pen.imageSmoothingEnabled = false;
  sheet.pen.drawImage(canvas, x, y, w, h);
  sheet.frame(x, y, w, h, sheet.theme.border, { line: 1 });
}

/** What is masked: thin lines, as on the screen. */
function drawHatching({ pen, ...sheet }, x, y, w, h) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  pen.beginPath();
  for (let at = 0; at < w + h; at += 8) {
    pen.moveTo(x + at - h, y);
    pen.lineTo(x + at, y + h);
  }
  Object.assign(pen, { strokeStyle: sheet.theme.shade(0.14), lineWidth: 1 });
  pen.stroke();
  pen.restore();
}

/** What the colours mean, in the lower right corner. */
function drawKey(sheet, view, x, y) {
  if (!view.open) {
    const { masked } = view.data.words;
    const start = x - sheet.width(masked, { size: 11 });
    sheet.write(x, y, masked, { size: 11, colour: sheet.muted, align: 1 });
    drawHatching(sheet, start - 22, y - 9, 16, 10);
    sheet.frame(start - 22, y - 9, 16, 10, sheet.theme.border, { line: 1, radius: 2 });
    x = start - 38;
  }
  sheet.legend(x, y, { kind: "sequential", max: 1 });
}
