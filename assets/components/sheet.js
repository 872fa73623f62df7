// A sheet that figures are drawn on for keeping: a canvas that knows the theme, and writes what components write.

import { themeOf } from "./common.js";
import { FINE, fit, keepFile, png, widthOf } from "./keep.js";

/** A sheet in the colours of the theme around `root`; measure first, then `open` it at its size and draw. */
export class Sheet {
  constructor(root) {
    this.theme = themeOf(root);
    this.style = getComputedStyle(root);
    this.canvas = document.createElement("canvas");
    this.pen = this.canvas.getContext("2d");
    this.muted = this.theme.shade(0.72);
  }

  open(width, height) {
    this.canvas.width = Math.ceil(FINE * width);
    this.canvas.height = Math.ceil(FINE * height);
    this.pen.scale(FINE, FINE);
    this.pen.textBaseline = "alphabetic";
    this.box(0, 0, width, height, this.theme.background);
  }

  async save(name) {
    keepFile(await png(this.canvas), name);
  }

  /** A house colour by its name in common.css: "query", "query-fill"; the text's own where there is none. */
  colour(name) {
    return this.style.getPropertyValue(`--${name}`).trim() || this.theme.text;
  }

  // ---- text: strings and the elements that components write with, each part in its look

  /** The parts of a line: { text, font, colour, drop }. */
  runs(line, look = {}) {
    const { size = 13, weight = 400, colour = this.theme.text, drop = 0 } = look;
    const here = { size, weight, colour, drop };
    return [line].flat().flatMap((node) => {
      const text = typeof node === "string" ? node : node.nodeType === Node.TEXT_NODE ? node.data : null;
      if (text !== null) return text ? [{ text, font: `${weight} ${size}px ${this.theme.font}`, colour, drop }] : [];
      const inner = { ...here };
      if (node.matches("b")) inner.weight = 700;
      if (node.matches(".index, small")) Object.assign(inner, { size: size * 0.85, colour: this.muted });
      if (node.matches("sub")) Object.assign(inner, { size: size * 0.75, drop: size * 0.25 });
      if (node.dataset.role) inner.colour = this.colour(node.dataset.role);
      return this.runs([...node.childNodes], inner);
    });
  }

  width(line, look) {
    return this.runs(line, look).reduce((sum, { text, font }) => sum + widthOf(text, font), 0);
  }

  /** A line from (x, y) on; `align` is 0 where x is its start, 1 its end; beyond `most` it is cut. */
  write(x, y, line, { align = 0, most = Infinity, ...look } = {}) {
    const runs = [];
    let room = most;
    for (const run of this.runs(line, look)) {
      if (room <= 0) break;
      const text = fit(run.text, room, run.font);
      const width = widthOf(text, run.font);
      runs.push({ ...run, text, width });
      room = text === run.text ? room - width : 0;
    }
    x -= align * runs.reduce((sum, run) => sum + run.width, 0);
    for (const { text, font, colour, drop, width } of runs) {
      Object.assign(this.pen, { font, fillStyle: colour });
      this.pen.fillText(text, x, y + drop);
      x += width;
    }
  }

  /** The same, turned upwards: it reads from (x, y) to the top. */
  writeUp(x, y, line, look) {
    this.pen.save();
    this.pen.translate(x, y);
    this.pen.rotate(-Math.PI / 2);
    this.write(0, 0, line, look);
    this.pen.restore();
  }

  /** A line in as many rows as `width` asks for, broken between words. */
  wrap(line, width, look) {
    const rows = [[]];
    let x = 0;
    for (const run of this.runs(line, look)) {
      for (const text of run.text.split(/(?<= )/)) {
        const wide = widthOf(text, run.font);
        if (x && x + wide > width) {
          rows.push([]);
          x = 0;
        }
        rows.at(-1).push({ ...run, text, x });
        x += wide;
      }
    }
    return rows;
  }

  writeRows(x, y, rows, height) {
    rows.forEach((row, i) => {
      for (const run of row) {
        Object.assign(this.pen, { font: run.font, fillStyle: run.colour });
        this.pen.fillText(run.text, x + run.x, y + i * height + run.drop);
      }
    });
  }

  // ---- shapes

  box(x, y, width, height, fill, radius = 0) {
    this.pen.fillStyle = fill;
    this.pen.beginPath();
    this.pen.roundRect(x, y, width, height, radius);
    this.pen.fill();
  }

  frame(x, y, width, height, colour, { line = 2, radius = 3, dash = [] } = {}) {
    const { pen } = this;
    pen.beginPath();
    pen.roundRect(x, y, width, height, radius);
    this.stroke(colour, line, dash);
  }

  stroke(colour, line = 1, dash = []) {
    this.pen.setLineDash(dash);
    Object.assign(this.pen, { strokeStyle: colour, lineWidth: line });
    this.pen.stroke();
  }

  /** A masked cell: grey and crossed. */
  masked(x, y, width, height, radius) {
    this.box(x, y, width, height, this.theme.shade(0.14), radius);
    this.pen.beginPath();
    this.pen.moveTo(x, y);
    this.pen.lineTo(x + width, y + height);
    this.pen.moveTo(x, y + height);
    this.pen.lineTo(x + width, y);
    this.stroke(this.theme.shade(0.34));
  }

  /** What colours mean, right-aligned at x: the scale between its ends. */
  legend(x, y, { kind, max }, print) {
    const { up, down } = this.theme.colours;
    const bar = 72;
    const high = kind === "diverging" ? print(max) : String(max);
    const left = x - this.width(high, { size: 11 }) - 6 - bar;
    const fill = this.pen.createLinearGradient(left, 0, left + bar, 0);
    const stops = kind === "diverging" ? [...down].reverse().concat(up) : up;
    stops.forEach((stop, i) => i % 17 || fill.addColorStop(i / (stops.length - 1), stop.fill));
    this.write(left - 6, y, kind === "diverging" ? print(-max) : "0", { size: 11, colour: this.muted, align: 1 });
    this.box(left, y - 8, bar, 8, fill, 2);
    this.frame(left, y - 8, bar, 8, this.theme.border, { line: 1, radius: 2 });
    this.write(x, y, high, { size: 11, colour: this.muted, align: 1 });
  }
}
