// Where everything on the poster lies: columns from left to right, rows from top to bottom, and what is at a point.

const NARROW = 960; // from here ...
const WIDE = 1320; // ... to here the layout fills the width that there is; outside it is scaled
export const LEAST = 820; // pixels on screen: on a narrower one the picture scrolls
export const HEAD = 96; // height of the headings
const BODY = 400; // height that the rows fill: the last of the usual sentence is on the first screen of a laptop
export const KEYS = 62; // height of the keys' names under the matrix

/** A matrix as it travelled: shape and base64 of float16, little endian, row by row. */
export function unpack({ shape, f16 }) {
  const raw = atob(f16);
  const byte = (i) => raw.charCodeAt(i);
  const values = Float32Array.from({ length: raw.length / 2 }, (_, i) => half(byte(2 * i) | (byte(2 * i + 1) << 8)));
  return { d: shape[1], values };
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
}

/** Where a column's colours end: 99 of 100 of its numbers lie within ± this, but for rounding to one digit. */
export function extent(values) {
  const sizes = values.map(Math.abs).sort();
  return Number(sizes[Math.max(0, Math.ceil(0.99 * sizes.length) - 1)].toPrecision(1)) || 1;
}

/** How d numbers fill a strip: lines of `across` cells, each a whole number of pixels wide. */
function fold(d, width) {
  const across = Math.ceil(d / Math.ceil(d / width));
  return { across, lines: Math.ceil(d / across), w: across * Math.max(1, Math.floor(width / across)) };
}

export class Layout {
  constructor(data, width, top) {
    this.data = data;
    this.n = data.labels.length;
    this.last = this.n - 1;
    this.ghost = data.hidden ? 1 : 0; // a row and a column of their own for the tokens that are not drawn
    this.keys = Array.from({ length: this.n + this.ghost }, (_, i) => i - this.ghost);
    this.layColumns(Math.round(Math.min(WIDE, Math.max(NARROW, width))));
    this.layRows(top);
  }

  layColumns(width) {
    const { data, keys } = this;
    const { n_layers, d_model, d_head } = data.sizes;
    const thin = n_layers > 6 ? 8 : 16;
    this.tokens = 84 + Math.round((width - NARROW) * 0.1);
    const nextWidth = this.tokens + 26;
    const strips = 3 * fold(d_model, 32).w + 4 * fold(d_head, 32).w + n_layers * thin * 1.5;
    const room = Math.max(200, width - this.tokens - nextWidth - strips - 200);
    const share = Math.max(116, Math.min(room * 0.68, 34 * keys.length));
    this.cell = Math.min(48, Math.max(5, Math.round(share / keys.length)));
    const matrix = this.cell * keys.length;
    const slot = Math.max(116, matrix);
    this.columns = [];
    this.lines = Math.min(room - slot, 200);

    let x = this.tokens;
    const place = (gap, id, packed, width = 32) => {
      const numbers = unpack(packed);
      const column = { id, x: x + gap, most: extent(numbers.values), ...fold(numbers.d, width), ...numbers };
      x = column.x + column.w;
      this.columns.push(column);
      return column;
    };
    const stream = (gap, layer) => Object.assign(place(gap, `stream${layer}`, data.stream[layer], thin), { layer });

    this.vectors = place(8, "vectors", data.stream[0]);
    this.before = data.stream.slice(1, data.layer + 1).map((_, i) => stream(i ? thin / 2 : 30, i + 1));
    const card = x + (data.layer ? 8 : 14);
    this.q = place(card - x + 10, "q", data.q);
    this.k = place(6, "k", data.k);
    this.matrix = { id: "weights", x: x + 16 + Math.floor((slot - matrix) / 2), w: matrix };
    this.columns.push(this.matrix);
    x += 16 + slot;
    this.v = place(12, "v", data.v);
    this.output = place(this.lines, "output", data.output);
    this.attention = place(30, "attention", data.attention);
    this.mlp = place(21, "mlp", data.mlp);
    this.sum = stream(21, data.layer + 1);
    this.card = { x: card, w: x + 10 - card };
    this.after = data.stream.slice(data.layer + 2).map((_, i) => stream(i ? thin / 2 : 22, data.layer + 2 + i));
    this.end = Math.max(x, card + this.card.w);
    this.width = Math.max(width, this.end + 38 + nextWidth);
    this.next = { x: this.width - nextWidth, w: nextWidth };
  }

  layRows(top) {
    const rows = this.keys.length;
    const entries = this.data.next[0].probs.length + 1;
    this.top = top;
    this.pitch = Math.min(56, Math.max(22, Math.floor(BODY / rows)));
    this.strip = this.pitch - 5;
    this.body = Math.max(this.pitch * rows, 26 * entries);
    this.y0 = top + HEAD + Math.floor((this.body - this.pitch * rows) / 2);
    this.height = top + HEAD + this.body + KEYS + 34;
    this.step = Math.min(32, this.body / entries);
    this.start = top + HEAD + (this.body - this.step * entries) / 2;
  }

  y(row) {
    return this.y0 + (row + this.ghost) * this.pitch;
  }

  /** The upper edge of a row's strips, and their middle. */
  upper(row) {
    return this.y(row) + 1;
  }

  middle(row) {
    return this.upper(row) + this.strip / 2;
  }

  /** The weight that a row gives to a key; key -1 stands for all the tokens that are not drawn. */
  weight(row, key) {
    return key < 0 ? this.data.weights_hidden[row] : this.data.weights[row][key];
  }

  seen(row, key) {
    return key < 0 || this.data.may_look[row][key] === "1";
  }

  /** The columns with how many cells a row has in each, from left to right. */
  stops() {
    const { labels, rest } = this.data.next[0];
    const count = (column) => (column === this.matrix ? this.keys.length : column.d);
    const next = { id: "next", count: labels.length + (rest === null ? 0 : 1) };
    return [...this.columns.map((column) => ({ id: column.id, count: count(column) })), next];
  }

  /** What lies at a point: a row, or a cell of it. `scrolled`: the tokens' names stay in sight over what is there. */
  find(x, y, scrolled) {
    if (x >= this.next.x - 4) {
      const cell = Math.floor((y - this.start) / this.step);
      return cell >= 0 && cell < this.stops().at(-1).count ? { id: "next", cell } : {};
    }
    const row = Math.floor((y - this.y0) / this.pitch) - this.ghost;
    if (row < 0 || row > this.last) return {};
    const column = this.columns.find((c) => x >= c.x && x < c.x + c.w);
    if (!column || x < scrolled + this.tokens) return { row };
    return { row, id: column.id, cell: this.cellAt(column, row, x, y) };
  }

  cellAt(column, row, x, y) {
    if (column === this.matrix) return Math.floor((x - column.x) / this.cell);
    const across = Math.floor(((x - column.x) / column.w) * column.across);
    const line = Math.floor(((y - this.upper(row)) / this.strip) * column.lines);
    return Math.min(column.d - 1, across + column.across * Math.min(column.lines - 1, Math.max(0, line)));
  }

  boxOf(row, id, cell) {
    if (id === "next") {
      const y = this.start + cell * this.step + 3;
      return { x: this.next.x - 3, y, width: this.next.w + 6, height: this.step - 4 };
    }
    const { matrix, strip } = this;
    if (id === "weights")
      return { x: matrix.x + cell * this.cell, y: this.upper(row), width: this.cell, height: strip };
    const { x, w, across, lines } = this.columns.find((column) => column.id === id);
    const [width, height] = [w / across, strip / lines];
    return { x: x + (cell % across) * width, y: this.upper(row) + Math.floor(cell / across) * height, width, height };
  }
}
