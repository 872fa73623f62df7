// The poster: one sentence on its way through a Transformer, drawn as a single SVG from the numbers of the trace.
//
// Picture draws: data, theme and width in, an SVG element out; it can follow one token, and knows what lies at a point.
// Poster lives on the page: steppers, pointing, keyboard, tooltip, saving. Every text enters through textContent.

const NARROW = 960, WIDE = 1320; // between these the layout is fluid; outside it is scaled
const BODY = 470; // height that the rows fill
const HEAD = 96; // height of the headings above them
const QUERY = "#0072B2", KEY = "#E69F00", VALUE = "#009E73", OUTPUT = "#CC79A7";
const ON_LIGHT = { q: "#0072B2", k: "#8F5F00", v: "#007A59", output: "#A3487A" };
const ON_DARK = { q: "#56B4E9", k: "#E69F00", v: "#2FC79A", output: "#CC79A7" };

// ---------------------------------------------------------------------------------------------------- numbers

function unpack({ shape, f16 }) {
  const raw = atob(f16);
  const values = new Float32Array(raw.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = half(raw.charCodeAt(2 * i) | (raw.charCodeAt(2 * i + 1) << 8));
  }
  return { rows: shape[0], d: shape[1], values };
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

const signed = (x) => x.toFixed(Math.abs(x) < 100 ? 3 : 1).replace("-", "\u2212");
const short = (x) => String(+x.toPrecision(2)).replace("-", "\u2212");
const percent = (p) => (p >= 0.0995 ? Math.round(100 * p) : p >= 0.0005 ? (100 * p).toFixed(1) : "<0.1") + "\u202f%";
const plain = (n) => n.toLocaleString("en-US");

// ----------------------------------------------------------------------------------------------------- colours

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function rgb(colour) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function mix(a, b, t) {
  const [x, y] = [rgb(a), rgb(b)];
  return `rgb(${x.map((v, i) => Math.round(v + (y[i] - v) * t)).join(" ")})`;
}

function ramp(stops) {
  const points = stops.map(rgb);
  const table = [];
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1), k = Math.min(Math.floor(at), points.length - 2);
    table.push(points[k].map((v, c) => Math.round(v + (points[k + 1][c] - v) * (at - k))));
  }
  return (t) => table[Math.round(255 * Math.min(1, Math.max(0, t)))];
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value && value !== "unset" ? value : otherwise;
  };
  const background = read("background-color", "#ffffff"), text = read("text-color", "#222222");
  const dark = rgb(background).reduce((a, b) => a + b) < 384;
  const zero = mix(background, text, dark ? 0.09 : 0.045);
  const minus = ramp(dark ? [zero, "#2A5F94", "#5AADF0"] : [zero, "#A9CDE9", "#2F7FBF"]);
  const plus = ramp(dark ? [zero, "#8A4A1C", "#F39A4A"] : [zero, "#F3C8A0", "#CF6A1E"]);
  return {
    background, text, dark,
    primary: read("primary-color", "#0072B2"),
    card: read("secondary-background-color", "#f4f6f9"),
    border: read("border-color", "#d8dee6"),
    muted: mix(background, text, 0.62),
    faint: mix(background, text, 0.15),
    faintest: mix(background, text, 0.08),
    font: read("font", "sans-serif"),
    heading: read("heading-font", "sans-serif"),
    role: dark ? ON_DARK : ON_LIGHT,
    number: (x, most) => (x < 0 ? minus : plus)(Math.abs(x) / most),
    weight: ramp(dark ? [zero, "#3B3470", "#6357A8", "#9488E0", "#C4BBF7", "#F6F3FF"] : [zero, "#C9C1E6", "#9788CB", "#6B55AE", "#472F8A", "#250F55"]),
  };
}

// ------------------------------------------------------------------------------------------------- small tools

function make(parent, tag, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

// Text cut so that it fits; whole characters only, so that no emoji is split.
function fit(text, width, font) {
  probe.font = font;
  if (probe.measureText(text).width <= width) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map((s) => s.segment);
  while (characters.length > 1 && probe.measureText(characters.join("") + "…").width > width) characters.pop();
  return characters.join("") + "…";
}

// How d numbers fill a strip: lines of `across` cells, each a whole number of pixels wide.
function fold(d, width) {
  const across = Math.ceil(d / Math.ceil(d / width));
  const cell = Math.max(1, Math.floor(width / across));
  return { across, lines: Math.ceil(d / across), w: across * cell };
}

// Where a column's colours end: 99 of 100 of its numbers lie within ±this.
function extent(values) {
  const sizes = values.map(Math.abs).sort();
  return Number(sizes[Math.max(0, Math.ceil(0.99 * sizes.length) - 1)].toPrecision(1)) || 1;
}

// A band of constant height from one row to another.
function ribbon(x0, y0, x1, y1, height) {
  const m = (x0 + x1) / 2;
  return `M${x0} ${y0}C${m} ${y0} ${m} ${y1} ${x1} ${y1}v${height}C${m} ${y1 + height} ${m} ${y0 + height} ${x0} ${y0 + height}Z`;
}

// ----------------------------------------------------------------------------------------------------- picture

class Picture {
  constructor(data, theme, width, title = false) {
    this.data = data;
    this.theme = theme;
    this.width = Math.round(Math.min(WIDE, Math.max(NARROW, width)));
    this.labels = data.labels.map((label) => {
      const [, index, text] = label.match(/^(\d+) ([^]*)$/) ?? [, "", label];
      return { index, text, label };
    });
    this.n = this.labels.length;
    this.last = this.n - 1;
    this.ghost = data.hidden ? 1 : 0; // a row of its own for the tokens that are not drawn
    this.pitch = Math.min(56, Math.max(22, Math.floor(BODY / (this.n + this.ghost))));
    this.strip = this.pitch - 5;
    this.top = title ? 86 : 0;
    this.body = Math.max(this.pitch * (this.n + this.ghost), 26 * (data.next[0].probs.length + 1));
    this.y0 = this.top + HEAD + Math.floor((this.body - this.pitch * (this.n + this.ghost)) / 2);
    this.keyLabels = 62;
    this.height = this.top + HEAD + this.body + this.keyLabels + 34;
    this.columns = [];
    this.layOut();
    this.draw(title);
  }

  y(row) {
    return this.y0 + (row + this.ghost) * this.pitch;
  }

  middle(row) {
    return this.y(row) + this.pitch - 4 - this.strip / 2;
  }

  // ---- where things lie

  strips(id, part, name, packed, x, width, more = {}) {
    const matrix = unpack(packed);
    const column = { id, part, name, x, ...fold(matrix.d, width), ...matrix, most: extent(matrix.values), ...more };
    this.columns.push(column);
    return column;
  }

  layOut() {
    const { data, width } = this;
    const { n_layers: layers, d_model, d_head } = data.sizes;
    const thin = 16, gap = 8, fan = 38, full = fold(d_model, 32).w, head = fold(d_head, 32).w;
    const gaps = 8 + 24 + 10 + 6 + 16 + 12 + 30 + 21 + 21 + 10 + 12;
    const spare = width - NARROW;
    this.tokens = 84 + Math.round(spare * 0.1);
    this.nextWidth = 110 + Math.round(spare * 0.1);
    const taken = gaps + 3 * full + 4 * head + layers * (thin + gap) - gap + fan;
    const room = width - this.tokens - this.nextWidth - taken;
    const shown = this.n + this.ghost, slot = Math.max(116, Math.min(Math.round(room * 0.68), 34 * shown));
    this.cell = Math.min(48, Math.max(5, Math.floor(slot / shown)));
    this.lines = Math.min(room - slot, 200);
    const stream = (i, x, w) => this.strips(`stream${i}`, i ? "blocks" : "embedding", i ? `after layer ${i}` : "vectors", data.stream[i], x, w);

    let x = this.tokens + 8;
    x += stream(0, x, 32).w + 24;
    for (let i = 1; i <= data.layer; i++) x += stream(i, x, thin).w + gap;
    this.card = { x };
    x += 10;
    this.q = this.strips("q", "attention", "queries", data.q, x, 32, { colour: QUERY, role: "q" });
    x += this.q.w + 6;
    this.k = this.strips("k", "attention", "keys", data.k, x, 32, { colour: KEY, role: "k" });
    x += this.k.w + 16;
    const inset = Math.floor((slot - this.cell * shown) / 2);
    this.matrix = { id: "weights", part: "attention", name: "who looks at whom", x: x + inset, w: this.cell * shown, ...unpack(data.weights) };
    this.columns.push(this.matrix);
    x += slot + 12;
    this.v = this.strips("v", "attention", "values", data.v, x, 32, { colour: VALUE, role: "v" });
    x += this.v.w + this.lines;
    this.output = this.strips("output", "attention", "head output", data.output, x, 32, { colour: OUTPUT, role: "output" });
    x += this.output.w + 30;
    this.attention = this.strips("attention", "attention", "all heads", data.attention, x, 32);
    x += this.attention.w + 21;
    this.mlp = this.strips("mlp", "mlp", "MLP", data.mlp, x, 32);
    x += this.mlp.w + 21;
    x += stream(data.layer + 1, x, thin).w + 10;
    this.card.w = x - this.card.x;
    x += 12;
    for (let i = data.layer + 2; i <= layers; i++) x += stream(i, x, thin).w + gap;
    this.end = x - gap;
    this.next = { x: width - this.nextWidth, w: this.nextWidth };
  }

  // ---- drawing

  draw(title) {
    const { theme, width, height } = this;
    this.svg = make(null, "svg", {
      xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, "font-family": theme.font, "font-size": 13,
      fill: theme.text, role: "figure", "aria-label": this.summary(),
    });
    this.defs = make(this.svg, "defs");
    this.drawPatterns();
    if (title) this.drawTitle();
    this.drawCard();
    this.band = make(this.svg, "rect", { x: 0, width: this.end, height: this.pitch, fill: theme.primary, opacity: 0.08, rx: 4 });
    this.drawRules();
    this.flow = make(this.svg, "g", { "pointer-events": "none" });
    this.rows = this.labels.map((_, row) => this.drawRow(row));
    this.drawGhost();
    this.drawMatrix();
    this.outline = make(this.svg, "rect", { fill: "none", stroke: theme.primary, "stroke-width": 1.5, rx: 3, "pointer-events": "none" });
    this.drawHeadings();
    this.drawTokens();
    this.after = make(this.svg, "g");
    this.drawLegend(title);
    this.cursor = make(this.svg, "rect", { fill: "none", stroke: theme.text, "stroke-width": 1.5, "pointer-events": "none", visibility: "hidden" });
  }

  text(parent, x, y, text, more = {}) {
    return make(parent, "text", { x, y, ...more }, text);
  }

  drawPatterns() {
    const { theme } = this;
    const hatch = make(this.defs, "pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    make(hatch, "rect", { width: 5, height: 5, fill: mix(theme.background, theme.text, 0.03) });
    make(hatch, "line", { y2: 5, stroke: mix(theme.background, theme.text, 0.13), "stroke-width": 1 });
    for (const [id, from, to] of [["mixed", VALUE, OUTPUT], ["told", theme.muted, theme.primary]]) {
      const gradient = make(this.defs, "linearGradient", { id });
      make(gradient, "stop", { offset: 0, "stop-color": from });
      make(gradient, "stop", { offset: 1, "stop-color": to });
    }
  }

  drawTitle() {
    const { theme, width, height, data } = this;
    const { n_layers, n_heads } = data.sizes;
    make(this.svg, "rect", { x: -40, y: -40, width: width + 80, height: height + 80, fill: theme.background });
    const heading = "600 25px sans-serif";
    this.text(this.svg, 0, 32, fit(data.text || this.labels.map((l) => l.text).join(" "), width, heading), { "font-size": 25, "font-weight": 600, "font-family": theme.heading, style: "unicode-bidi: plaintext" });
    this.text(this.svg, 0, 58, `on its way through a Transformer · layer ${data.layer + 1} of ${n_layers}, head ${data.head + 1} of ${n_heads}`, { "font-size": 15, fill: theme.muted });
  }

  drawCard() {
    const { x, w } = this.card;
    const y = this.top + 28;
    make(this.svg, "rect", { x, y, width: w, height: HEAD - 28 + this.body + this.keyLabels, rx: 10, fill: this.theme.card });
  }

  // One thin rule under each row: the residual stream, which runs through the whole model and is only ever added to.
  drawRules() {
    const group = make(this.svg, "g", { "stroke-width": 1 });
    this.rules = this.labels.map((_, row) => {
      const y = this.y(row) + this.pitch - 1.5;
      const rule = make(group, "g", { stroke: this.theme.faint });
      make(rule, "line", { x1: this.tokens, x2: this.end, y1: y, y2: y });
      for (const column of [this.attention, this.mlp]) {
        const x = column.x + column.w + 10.5;
        make(rule, "circle", { cx: x, cy: y, r: 3.5, fill: this.theme.card });
        make(rule, "path", { d: `M${x - 3.5} ${y}h7M${x} ${y - 3.5}v7`, fill: "none" });
        make(rule, "path", { d: `M${column.x + column.w + 1} ${y - 2 - this.strip / 2}H${x}V${y - 3.5}`, fill: "none", class: "join" });
      }
      return rule;
    });
  }

  drawRow(row) {
    const groups = {};
    for (const kind of ["rest", "k", "v"]) groups[kind] = make(this.svg, "g", { class: "fades" });
    for (const column of this.columns) {
      if (column === this.matrix) continue;
      const group = groups[column.id] ?? groups.rest;
      make(group, "image", {
        x: column.x, y: this.middle(row) - this.strip / 2, width: column.w, height: this.strip, preserveAspectRatio: "none",
        style: "image-rendering: pixelated; clip-path: inset(0 round 2px)", href: this.stripImage(column, row),
      });
    }
    return groups;
  }

  stripImage({ across, lines, d, values, most }, row) {
    const canvas = probe.canvas;
    canvas.width = across;
    canvas.height = lines;
    const image = probe.createImageData(across, lines);
    for (let i = 0; i < d; i++) {
      image.data.set(this.theme.number(values[row * d + i], most), 4 * i);
      image.data[4 * i + 3] = 255;
    }
    probe.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }

  // The tokens that are not drawn: one row that only gives, so that every row of weights accounts for 100 %.
  drawGhost() {
    if (!this.ghost) return;
    const y = this.middle(-1);
    for (const column of [this.k, this.v]) {
      make(this.svg, "rect", { x: column.x + 0.5, y: y - this.strip / 2, width: column.w - 1, height: this.strip - 1, rx: 2, fill: "none", stroke: this.theme.muted, "stroke-dasharray": "2 3" });
    }
  }

  drawMatrix() {
    const { matrix: m, cell, theme, data } = this;
    const printed = cell >= 25;
    this.cells = this.labels.map((_, row) => {
      const group = make(this.svg, "g", { class: "fades" });
      const y = this.middle(row) - this.strip / 2;
      for (let key = -this.ghost; key < this.n; key++) {
        const x = m.x + (key + this.ghost) * cell;
        const seen = key < 0 || data.may_look[row][key] === "1", weight = this.weight(row, key);
        make(group, "rect", { x: x + 0.5, y, width: cell - 1, height: this.strip, rx: Math.min(2, cell / 6), fill: seen ? css(theme.weight(weight)) : "url(#hatch)" });
        if (printed && seen) {
          const ink = weight > 0.5 ? theme.background : theme.text;
          this.text(group, x + cell / 2, this.middle(row) + 4, weight.toFixed(2).replace(/^0/, ""), { "text-anchor": "middle", "font-size": 11, fill: ink });
        }
      }
      return group;
    });
    this.keys = make(this.svg, "g", { "font-size": 11.5, fill: theme.role.k });
  }

  // The names of the keys under the matrix: all while they fit, else those that this row looks at most.
  drawKeys(row) {
    const { matrix: m, cell } = this;
    const order = this.labels.map((_, key) => key).sort((a, b) => this.weight(row, b) - this.weight(row, a));
    if (this.ghost) order.unshift(-1);
    const taken = [];
    this.keys.replaceChildren();
    for (const key of order) {
      const x = m.x + (key + this.ghost + 0.5) * cell, y = this.y(this.last) + this.pitch + 6;
      if (taken.some((other) => Math.abs(other - x) < 12) || (cell < 12 && this.weight(row, key) < 0.02)) continue;
      taken.push(x);
      const place = cell < 17 ? `translate(${x + 4} ${y}) rotate(-90)` : `translate(${x + 3} ${y + 4}) rotate(-50)`;
      const label = key < 0 ? "earlier" : this.labels[key].label;
      this.text(this.keys, 0, 0, fit(label, 58, "11.5px sans-serif"), { transform: place, "text-anchor": "end" });
    }
  }

  weight(row, key) {
    return key < 0 ? this.data.weights_hidden[row] : this.matrix.values[row * this.n + key];
  }

  // ---- headings: the parts are buttons, under them what each column is and its shape

  drawHeadings() {
    const { sizes, layer, head } = this.data;
    const { d_model, d_head, n_layers, n_heads, vocab } = sizes;
    const at = this.columns.filter((c) => c.part === "blocks");
    const before = at.filter((c) => c.x < this.card.x), after = at.filter((c) => c.x > this.card.x + this.card.w);
    const layers = (first, last) => (first === last ? `Layer ${first}` : `Layers ${first}–${last}`);
    this.part("tokens", "Tokens", 0, this.tokens, "start");
    this.part("embedding", "Vectors", this.columns[0].x, this.columns[0].w);
    if (before.length) this.part("blocks", layers(1, layer), before[0].x, before.at(-1).x + before.at(-1).w - before[0].x);
    this.part("attention", `Layer ${layer + 1} · attention, head ${head + 1} of ${n_heads}`, this.q.x, this.attention.x + this.attention.w - this.q.x);
    this.part("mlp", "MLP", this.mlp.x, this.mlp.w);
    if (after.length) this.part("blocks", layers(layer + 2, n_layers), after[0].x, after.at(-1).x + after.at(-1).w - after[0].x);
    this.part("next", "Next token", this.next.x, this.next.w, "start");

    const n = this.n;
    this.caption(this.columns[0], [], `${n}×${d_model}`);
    this.caption(this.q, ["queries"], `${n}×${d_head}`, this.theme.role.q);
    this.caption(this.k, ["keys"], `${n}×${d_head}`, this.theme.role.k);
    this.caption(this.matrix, ["who looks at whom"], `${n}×${n}`);
    this.caption(this.v, ["values"], `${n}×${d_head}`, this.theme.role.v);
    const middle = (this.v.x + this.v.w + this.output.x) / 2;
    if (this.lines > 90) this.text(this.svg, middle, this.top + 70, "weights × values", { "text-anchor": "middle", "font-size": 11, fill: this.theme.muted });
    this.caption(this.output, ["head", "output"], `${n}×${d_head}`, this.theme.role.output);
    this.caption(this.attention, ["all heads", "× Wₒ"], `${n}×${d_model}`);
    this.caption(this.mlp, [], `${n}×${d_model}`);
    this.caption(this.columns.find((c) => c.id === `stream${layer + 1}`), ["sum"], "");
    for (const column of [...before, ...after]) this.caption(column, [], column.id.slice(6));
    this.text(this.svg, 0, this.top + 70, `${this.ghost ? "last " : ""}${n}`, { "font-size": 11.5, fill: this.theme.muted });
    this.text(this.svg, this.next.x, this.top + 70, `of ${plain(vocab)}`, { "font-size": 11.5, fill: this.theme.muted });
  }

  part(part, name, x, w, anchor = "middle") {
    const { theme, top } = this;
    const group = make(this.svg, "g", { class: "part", "data-part": part, role: "button", tabindex: 0, "aria-label": `${name}: open the lesson` });
    const at = anchor === "middle" ? x + w / 2 : x;
    this.text(group, at, top + 16, name, { "text-anchor": anchor, "font-weight": 600, "font-size": 13 });
    make(group, "rect", { class: "ring", fill: "none", "pointer-events": "all", x: anchor === "middle" ? Math.min(x, at - name.length * 3.6) : x - 2, y: top, width: Math.max(w, name.length * 7.2), height: 22, rx: 4 });
  }

  caption(column, lines, shape, colour = this.theme.text) {
    const x = column.x + column.w / 2;
    lines.forEach((line, i) => this.text(this.svg, x, this.top + 56 - 12 * (lines.length - 1 - i), line, { "text-anchor": "middle", "font-size": 12, fill: colour }));
    this.text(this.svg, x, this.top + 70, shape, { "text-anchor": "middle", "font-size": 11, fill: this.theme.muted });
    if (column.most) this.text(this.svg, x, this.top + 83, `±${short(column.most)}`, { "text-anchor": "middle", "font-size": 10.5, fill: this.theme.muted });
    if (column.colour) make(this.svg, "rect", { x: column.x, y: this.top + 88, width: column.w, height: 3, rx: 1.5, fill: column.colour });
  }

  drawTokens() {
    const { theme } = this;
    this.names = make(this.svg, "g", { role: "listbox", "aria-label": "Tokens" });
    this.back = make(this.names, "rect", { x: 0, y: this.top + HEAD - 4, width: this.tokens, height: this.body + 8, fill: theme.background, opacity: 0 });
    if (this.ghost) this.text(this.names, 0, this.middle(-1) + 4, `… ${plain(this.data.hidden)} before`, { fill: theme.muted, "font-size": 12 });
    this.tokenLabels = this.labels.map(({ index, text, label }, row) => {
      const token = make(this.names, "g", { class: "token", role: "option", tabindex: -1, "data-row": row, "aria-label": this.told(row) });
      make(token, "rect", { class: "ring", fill: "none", "pointer-events": "all", x: 0, y: this.y(row) + 1, width: this.tokens, height: this.pitch - 3, rx: 4 });
      this.text(token, 16, this.middle(row) + 4.5, index, { "text-anchor": "end", "font-size": 11, fill: theme.muted });
      this.text(token, 22, this.middle(row) + 4.5, fit(text, this.tokens - 26, "600 13.5px sans-serif"), { "font-size": 13.5 });
      return token;
    });
  }

  drawLegend(title) {
    const { theme } = this;
    const group = make(this.svg, "g", { "font-size": 11.5, fill: theme.muted });
    const y = this.height - 8;
    const bar = (x, w, colour) => {
      for (let i = 0; i < w; i++) make(group, "rect", { x: x + i, y: y - 9, width: 1.2, height: 9, fill: css(colour(i / (w - 1))) });
    };
    let x = 0;
    const say = (text) => { this.text(group, x, y, text); probe.font = "11.5px sans-serif"; x += probe.measureText(text).width + 8; };
    say("numbers \u2212m");
    bar(x, 96, (t) => theme.number(2 * t - 1, 1));
    x += 102;
    say("m (the ± above each column)");
    x += 20;
    say("weights  0");
    bar(x, 72, theme.weight);
    x += 80;
    say("1");
    x += 20;
    make(group, "rect", { x, y: y - 10, width: 12, height: 11, rx: 2, fill: "url(#hatch)" });
    x += 18;
    say("comes later: masked, −∞");
    x += 20;
    make(group, "path", { d: `M${x} ${y - 4}h26M${x + 13} ${y - 8}v8`, stroke: theme.muted, fill: "none" });
    make(group, "circle", { cx: x + 13, cy: y - 4, r: 4, fill: "none", stroke: theme.muted });
    x += 34;
    say("residual stream: each part adds to it");
    if (title) this.text(group, this.width, y, "Attention Lab", { "text-anchor": "end", "font-weight": 600 });
  }

  // ---- following a token

  follow(row, pointed) {
    const { theme } = this;
    const dim = pointed ? 0.25 : 0.65;
    const most = Math.max(...this.labels.map((_, key) => this.weight(row, key)));
    this.row = row;
    this.band.setAttribute("y", this.y(row) - 0.5);
    this.rows.forEach((groups, r) => {
      const given = Math.sqrt(this.weight(row, r) / most);
      groups.rest.setAttribute("opacity", r === row ? 1 : dim);
      groups.v.setAttribute("opacity", dim + (1 - dim) * given);
      groups.k.setAttribute("opacity", dim + (1 - dim) * given);
      this.cells[r].setAttribute("opacity", r === row ? 1 : pointed ? 0.45 : 1);
      this.rules[r].setAttribute("stroke", r === row ? theme.primary : theme.faint);
      const [, index, text] = this.tokenLabels[r].childNodes;
      for (const part of [index, text]) part.setAttribute("fill", r === row ? theme.primary : part === index ? theme.muted : theme.text);
      text.setAttribute("font-weight", r === row ? 600 : 400);
      this.tokenLabels[r].setAttribute("aria-selected", r === row);
    });
    const frame = { x: this.matrix.x - 1.5, y: this.middle(row) - this.strip / 2 - 1.5, width: this.matrix.w + 3, height: this.strip + 3 };
    for (const [name, value] of Object.entries(frame)) this.outline.setAttribute(name, value);
    this.drawKeys(row);
    this.drawFlow(row);
    this.drawNext(row);
  }

  // What the head brings to this token: one band a token looked at, as high as its weight; together the output's height.
  drawFlow(row) {
    this.flow.replaceChildren();
    const group = make(this.flow, "g", { class: "flows", fill: "url(#mixed)", opacity: 0.75 });
    const x0 = this.v.x + this.v.w + 2, x1 = this.output.x - 3, top = this.middle(row) - this.strip / 2;
    let filled = 0;
    for (let key = -this.ghost; key < this.n; key++) {
      const weight = this.weight(row, key), height = weight * this.strip;
      if (key >= 0 && this.data.may_look[row][key] !== "1") continue;
      make(group, "path", { d: ribbon(x0, this.middle(key) - height / 2, x1, top + filled, height) });
      filled += height;
      if (weight >= 0.01) this.text(this.flow, x0 + 3, this.middle(key) - Math.max(height / 2, 1) - 2, percent(weight), { "font-size": 10.5, fill: this.theme.role.v, stroke: this.theme.card, "stroke-width": 3, "paint-order": "stroke" });
    }
  }

  drawNext(row) {
    const { theme, next: { x, w } } = this;
    const { labels, probs, rest } = this.data.next[row];
    const entries = labels.map((label, i) => ({ label, p: probs[i] }));
    const others = this.data.sizes.vocab - labels.length;
    if (others > 0) entries.push({ label: `${plain(others)} others`, p: rest, other: true });
    const step = Math.min(32, this.body / entries.length), most = Math.max(...entries.map((e) => e.p));
    const start = this.top + HEAD + (this.body - step * entries.length) / 2;
    const group = make(this.flow, "g", { class: "flows", fill: "url(#told)", opacity: 0.4 });
    this.after.replaceChildren();
    this.entries = { start, step, list: entries };
    let filled = this.middle(row) - this.strip / 2;
    entries.forEach(({ label, p, other }, i) => {
      const y = start + i * step, height = p * this.strip;
      make(group, "path", { d: ribbon(this.end + 3, filled, x - 5, y + step - 6 - height / 2, height) });
      filled += height;
      const weight = i === 0 ? 600 : 400;
      this.text(this.after, x, y + step - 11, fit(label, w - 38, `${weight} 13px sans-serif`), { "font-weight": weight, fill: other ? theme.muted : theme.text });
      this.text(this.after, x + w, y + step - 11, percent(p), { "text-anchor": "end", "font-size": 12, "font-weight": weight, fill: other ? theme.muted : theme.text });
      make(this.after, "rect", { x, y: y + step - 7, width: w, height: 3, rx: 1.5, fill: theme.faintest });
      make(this.after, "rect", { x, y: y + step - 7, width: Math.max(0.5, (p / most) * w), height: 3, rx: 1.5, fill: other ? theme.muted : theme.primary });
    });
  }

  // ---- words

  told(row) {
    const { labels, probs } = this.data.next[row];
    const best = this.strongest(row);
    return `${this.labels[row].label}. Looks most at ${best.label}, ${percent(best.weight)}. Most probable next token: ${labels[0]}, ${percent(probs[0])}.`;
  }

  strongest(row) {
    let best = { label: "", weight: -1 };
    for (let key = -this.ghost; key < this.n; key++) {
      const weight = this.weight(row, key);
      if (weight > best.weight) best = { label: key < 0 ? `the ${plain(this.data.hidden)} tokens before` : this.labels[key].label, weight };
    }
    return best;
  }

  summary() {
    const { text, layer, head, sizes } = this.data;
    return `${text ? `“${text.slice(0, 300)}” ` : "A sentence "}in a Transformer, layer ${layer + 1} of ${sizes.n_layers}, head ${head + 1} of ${sizes.n_heads}. The last token: ${this.told(this.last)}`;
  }

  // ---- what lies where: for pointing and for the keyboard

  find(x, y) {
    const row = Math.floor((y - this.y0) / this.pitch) - this.ghost;
    if (x >= this.next.x - 4) {
      const cell = Math.floor((y - this.entries.start) / this.entries.step);
      return cell >= 0 && cell < this.entries.list.length ? { row: null, column: "next", cell } : null;
    }
    if (row < 0 || row >= this.n) return null;
    const column = this.columns.find((c) => x >= c.x && x < c.x + c.w);
    return { row, column: column?.id, cell: column ? this.cellAt(column, row, x, y) : 0 };
  }

  cellAt(column, row, x, y) {
    if (column === this.matrix) return Math.floor((x - column.x) / this.cell);
    const across = Math.floor(((x - column.x) / column.w) * column.across);
    const line = Math.floor(((y - this.middle(row) + this.strip / 2) / this.strip) * column.lines);
    return Math.min(column.d - 1, across + column.across * Math.min(column.lines - 1, Math.max(0, line)));
  }

  stops() {
    return [...this.columns].sort((a, b) => a.x - b.x).map((c) => ({ id: c.id, count: c === this.matrix ? this.n + this.ghost : c.d }))
      .concat({ id: "next", count: this.entries.list.length });
  }

  // What a cell says, and where it is.
  read(row, id, cell) {
    if (id === "next") return this.readNext(cell);
    const column = this.columns.find((c) => c.id === id);
    const top = this.middle(row) - this.strip / 2;
    if (column === this.matrix) return this.readWeight(row, cell, top);
    const w = column.w / column.across, h = this.strip / column.lines;
    return {
      value: signed(column.values[row * column.d + cell]),
      about: `${column.name} of ${this.labels[row].label}, number ${cell + 1} of ${column.d}`,
      box: { x: column.x + (cell % column.across) * w, y: top + Math.floor(cell / column.across) * h, width: w, height: h },
    };
  }

  readWeight(row, cell, top) {
    const key = cell - this.ghost, from = this.labels[row].label;
    const box = { x: this.matrix.x + cell * this.cell, y: top, width: this.cell, height: this.strip };
    if (key >= 0 && this.data.may_look[row][key] !== "1") {
      return { value: "−∞", about: `${from} must not look at ${this.labels[key].label}: it comes later. Weight 0.`, box };
    }
    const to = key < 0 ? `the ${plain(this.data.hidden)} tokens that are not drawn` : this.labels[key].label;
    return { value: this.weight(row, key).toFixed(3), about: `${from} looks at ${to}: ${percent(this.weight(row, key))} of its attention`, box };
  }

  readNext(cell) {
    const { start, step, list } = this.entries;
    const { label, p, other } = list[cell];
    return {
      value: (100 * p).toFixed(2) + "\u202f%",
      about: other ? `${label} together` : `probability that ${label} comes after ${this.labels[this.row].label}`,
      box: { x: this.next.x - 3, y: start + cell * step + 3, width: this.next.w + 6, height: step - 4 },
    };
  }

  mark(box) {
    this.cursor.setAttribute("visibility", box ? "visible" : "hidden");
    if (!box) return;
    const grow = Math.max(1.5, (5 - Math.min(box.width, box.height)) / 2);
    const frame = { x: box.x - grow, y: box.y - grow, width: box.width + 2 * grow, height: box.height + 2 * grow };
    for (const [name, value] of Object.entries(frame)) this.cursor.setAttribute(name, value);
  }
}

// ------------------------------------------------------------------------------------------------------ saving

async function save(data, theme, row, kind) {
  const picture = new Picture(data, theme, 1180, true);
  picture.follow(row ?? picture.last, row !== null);
  const { svg } = picture, width = picture.width + 80, height = picture.height + 70;
  for (const [name, value] of Object.entries({ viewBox: `-40 -36 ${width} ${height}`, width, height })) svg.setAttribute(name, value);
  await embedFont(picture.defs, theme.font);
  const source = new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
  const name = `attention-lab-layer-${data.layer + 1}-head-${data.head + 1}.${kind}`;
  download(kind === "svg" ? source : await raster(source, width, height), name);
}

// The page's own font travels inside the picture, so that it looks the same wherever it is opened.
async function embedFont(defs, font) {
  const family = font.split(",")[0].replace(/["']/g, "").trim();
  const rules = [...document.styleSheets].flatMap((sheet) => { try { return [...sheet.cssRules].map((rule) => [rule, sheet]); } catch { return []; } });
  const found = rules.find(([rule]) => rule instanceof CSSFontFaceRule && rule.style.getPropertyValue("font-family").replace(/["']/g, "") === family && rule.style.getPropertyValue("font-style") !== "italic");
  const address = found?.[0].style.getPropertyValue("src").match(/url\("?([^")]+)"?\)/)?.[1];
  if (!address) return;
  const bytes = await (await fetch(new URL(address, found[1].href ?? document.baseURI))).blob();
  const url = await new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(bytes); });
  make(defs, "style", {}, `@font-face { font-family: "${family}"; font-weight: 100 900; src: url(${url}); }`);
}

async function raster(source, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(source);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// ------------------------------------------------------------------------------------------------------ a page

class Poster {
  constructor(root) {
    this.root = root;
    this.scroller = root.querySelector(".scroller");
    this.tip = root.querySelector(".tip");
    this.spoken = root.querySelector(".spoken");
    this.pinned = this.pointed = this.stop = null;
    for (const button of root.querySelectorAll("[data-step]")) button.onclick = () => this.step(button.dataset.step, Number(button.dataset.by));
    for (const button of root.querySelectorAll("[data-save]")) button.onclick = () => save(this.data, themeOf(this.scroller), this.pinned, button.dataset.save);
    this.scroller.onpointermove = (event) => this.point(event);
    this.scroller.onpointerleave = () => this.leave();
    this.scroller.onclick = (event) => this.click(event);
    this.scroller.onkeydown = (event) => this.key(event);
    this.scroller.onfocusin = (event) => this.focused(event);
    this.scroller.onfocusout = () => this.leave();
    this.scroller.onscroll = () => this.stick();
    this.resized = new ResizeObserver(() => this.scroller.clientWidth !== this.width && this.draw());
    this.resized.observe(this.scroller);
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    const same = this.data && this.data.labels.join("\n") === data.labels.join("\n");
    if (!same) this.pinned = this.pointed = this.stop = null;
    this.data = data;
    this.at = { layer: data.layer, head: data.head };
    this.draw();
  }

  draw() {
    if (!this.data) return;
    this.width = this.scroller.clientWidth;
    const active = this.scroller.querySelector(":focus");
    const again = active?.dataset.row ? `[data-row="${active.dataset.row}"]` : active?.dataset.part ? `[data-part="${active.dataset.part}"]` : null;
    this.picture = new Picture(this.data, themeOf(this.scroller), this.width);
    this.scroller.replaceChildren(this.picture.svg);
    this.show();
    if (again) this.scroller.querySelector(again)?.focus({ preventScroll: true });
    this.stick();
    this.label();
  }

  get row() {
    return this.pointed ?? this.pinned ?? this.picture.last;
  }

  show() {
    this.picture.follow(this.row, this.pointed !== null || this.pinned !== null);
    this.picture.tokenLabels.forEach((token, row) => token.setAttribute("tabindex", row === this.row ? 0 : -1));
  }

  // ---- layer and head

  step(name, by) {
    const count = this.data.sizes[name === "layer" ? "n_layers" : "n_heads"];
    const to = this.at[name] + by;
    if (to < 0 || to >= count) return;
    this.at[name] = to;
    this.label();
    this.send("step", { ...this.at });
  }

  label() {
    for (const [name, title, count] of [["layer", "Layer", "n_layers"], ["head", "Head", "n_heads"]]) {
      this.root.querySelector(`[data-shows=${name}]`).textContent = `${title} ${this.at[name] + 1} of ${this.data.sizes[count]}`;
      for (const button of this.root.querySelectorAll(`[data-step=${name}]`)) {
        const to = this.at[name] + Number(button.dataset.by);
        button.setAttribute("aria-disabled", to < 0 || to >= this.data.sizes[count]);
      }
    }
  }

  // ---- pointing

  point(event) {
    const box = this.picture.svg.getBoundingClientRect(), zoom = this.picture.width / box.width;
    const found = this.picture.find((event.clientX - box.left) * zoom, (event.clientY - box.top) * zoom);
    if (found?.row !== null && (found?.row ?? null) !== this.pointed) {
      this.pointed = found?.row ?? null;
      this.show();
    }
    if (found?.column) this.tell(found.column, found.cell);
    else this.hush();
  }

  leave() {
    this.hush();
    if (this.pointed === null) return;
    this.pointed = null;
    this.show();
  }

  click(event) {
    const part = event.target.closest("[data-part]")?.dataset.part;
    if (part) return this.send("open", { part, ...this.at });
    const token = event.target.closest("[data-row]");
    if (token) this.pin(Number(token.dataset.row));
  }

  pin(row) {
    this.pinned = this.pinned === row ? null : row;
    this.show();
  }

  // ---- keyboard: up and down through the tokens; left and right through the numbers of one, with Shift by columns

  focused(event) {
    const row = event.target.dataset?.row;
    if (row === undefined) return;
    this.pointed = Number(row);
    this.show();
  }

  key(event) {
    const { key, target } = event;
    const part = target.dataset.part, row = target.dataset.row;
    if (part && (key === "Enter" || key === " ")) this.send("open", { part, ...this.at });
    else if (row !== undefined && (key === "Enter" || key === " ")) this.pin(Number(row));
    else if (row !== undefined && key === "Escape") { this.pinned = null; this.stop = null; this.hush(); }
    else if (row !== undefined && (key === "ArrowDown" || key === "ArrowUp")) this.moveRow(Number(row) + (key === "ArrowDown" ? 1 : -1));
    else if (row !== undefined && (key === "ArrowRight" || key === "ArrowLeft")) this.moveCell(key === "ArrowRight" ? 1 : -1, event.shiftKey);
    else return;
    event.preventDefault();
  }

  moveRow(row) {
    if (row < 0 || row > this.picture.last) return;
    const { stop } = this;
    this.picture.tokenLabels[row].focus({ preventScroll: true });
    this.stop = stop;
    if (stop) this.tell(stop.id, stop.cell, true);
  }

  moveCell(by, wholeColumn) {
    const stops = this.picture.stops();
    let at = stops.findIndex((s) => s.id === this.stop?.id), cell = this.stop?.cell ?? 0;
    if (at < 0) [at, cell] = [by > 0 ? 0 : -1, 0];
    else if (wholeColumn) [at, cell] = [at + by, 0];
    else if (cell + by < 0) [at, cell] = [at - 1, (stops[at - 1]?.count ?? 1) - 1];
    else if (cell + by >= stops[at].count) [at, cell] = [at + 1, 0];
    else cell += by;
    if (at >= stops.length) return;
    this.stop = at < 0 ? null : { id: stops[at].id, cell };
    if (this.stop) this.tell(this.stop.id, cell, true);
    else this.hush();
  }

  // ---- the value of a cell

  tell(id, cell, aloud = false) {
    const { value, about, box } = this.picture.read(this.row, id, cell);
    const [strong, span] = this.tip.children;
    strong.textContent = value;
    span.textContent = about;
    this.tip.hidden = false;
    this.picture.mark(box);
    const zoom = this.picture.svg.getBoundingClientRect().width / this.picture.width;
    const x = (box.x + box.width / 2) * zoom - this.scroller.scrollLeft, y = (box.y + box.height) * zoom;
    const { offsetWidth: w, offsetHeight: h } = this.tip;
    const left = Math.min(Math.max(0, x - w / 2), this.scroller.clientWidth - w);
    const below = y + 12 + h < this.picture.height * zoom;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${below ? y + 10 : box.y * zoom - h - 10}px`;
    if (aloud) this.spoken.textContent = `${value}. ${about}`;
  }

  hush() {
    this.tip.hidden = true;
    this.picture?.mark(null);
  }

  // On a narrow screen the tokens stay in sight while the rest scrolls.
  stick() {
    const { picture, scroller } = this;
    if (!picture) return;
    const shift = scroller.scrollLeft * (picture.width / picture.svg.getBoundingClientRect().width);
    picture.names.setAttribute("transform", `translate(${shift} 0)`);
    picture.back.setAttribute("opacity", shift > 0 ? 0.9 : 0);
  }

  close() {
    this.resized.disconnect();
  }
}

const posters = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  if (!posters.has(root)) posters.set(root, new Poster(root));
  posters.get(root).update(component);
  return () => {
    posters.get(root)?.close();
    posters.delete(root);
  };
}
