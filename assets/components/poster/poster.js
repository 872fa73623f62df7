// The poster: one sentence on its way through a Transformer, drawn as a single SVG from the numbers of the trace.
//
// Picture draws: data, theme and width in, an SVG element out; it can follow one token, and knows what lies at a point.
// Poster lives on the page: steppers, pointing, keyboard, values, saving. Every text enters through textContent.

const NARROW = 960; // from here ...
const WIDE = 1320; // ... to here the layout fills the width that there is; outside it is scaled
const HEAD = 96; // height of the headings
const BODY = 470; // height that the rows fill
const KEYS = 62; // height of the keys' names under the matrix
const FILL = { q: "#0072B2", k: "#E69F00", v: "#009E73", output: "#CC79A7" };
const ON_LIGHT = { q: "#0072B2", k: "#8F5F00", v: "#007A59", output: "#A3487A" };
const ON_DARK = { q: "#56B4E9", k: "#E69F00", v: "#2FC79A", output: "#CC79A7" };

// ---------------------------------------------------------------------------------------------------- numbers

function unpack({ shape, f16 }) {
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

// Where a column's colours end: 99 of 100 of its numbers lie within ± this.
function extent(values) {
  const sizes = values.map(Math.abs).sort();
  return Number(sizes[Math.max(0, Math.ceil(0.99 * sizes.length) - 1)].toPrecision(1)) || 1;
}

const minus = (text) => text.replace("-", "\u2212");
const signed = (x) => minus(x.toFixed(Math.abs(x) < 100 ? 3 : 1));
const percent = (p) => (p >= 0.0995 ? Math.round(100 * p) : p >= 0.0005 ? (100 * p).toFixed(1) : "<0.1") + "\u202f%";
const plain = (n) => n.toLocaleString("en-US");

// ------------------------------------------------------------------------------------------------------ theme

const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function rgb(colour) {
  ink.clearRect(0, 0, 1, 1);
  ink.fillStyle = colour;
  ink.fillRect(0, 0, 1, 1);
  return [...ink.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

const css = (channels) => `rgb(${channels.map(Math.round).join(" ")})`;
const between = (a, b, t) => a.map((value, i) => value + (b[i] - value) * t);

// A scale of colours: a number from 0 to 1 -> [red, green, blue].
function ramp(...stops) {
  const points = stops.map(rgb);
  return (t) => {
    const at = Math.min(1, Math.max(0, t)) * (points.length - 1);
    const i = Math.min(Math.floor(at), points.length - 2);
    return between(points[i], points[i + 1], at - i);
  };
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value && value !== "unset" ? value : otherwise;
  };
  const background = read("background-color", "#ffffff");
  const text = read("text-color", "#222222");
  const dark = rgb(background).reduce((a, b) => a + b) < 384;
  const shade = (t) => css(between(rgb(background), rgb(text), t));
  const zero = shade(dark ? 0.09 : 0.045);
  const below = dark ? ramp(zero, "#2A5F94", "#5AADF0") : ramp(zero, "#A9CDE9", "#2F7FBF");
  const above = dark ? ramp(zero, "#8A4A1C", "#F39A4A") : ramp(zero, "#F3C8A0", "#CF6A1E");
  return {
    background,
    text,
    shade,
    primary: read("primary-color", "#0072B2"),
    card: read("secondary-background-color", "#f4f6f9"),
    font: read("font", "sans-serif"),
    heading: read("heading-font", "sans-serif"),
    role: dark ? ON_DARK : ON_LIGHT,
    number: (x) => (x < 0 ? below(-x) : above(x)), // of a share of the column's extent
    weight: dark
      ? ramp(zero, "#3B3470", "#6357A8", "#9488E0", "#C4BBF7", "#F6F3FF")
      : ramp(zero, "#C9C1E6", "#9788CB", "#6B55AE", "#472F8A", "#250F55"),
  };
}

// The look travels inside the SVG, with the theme's colours written out, so that a saved picture stands by itself.
function look({ background, text, shade, primary, card, font, heading, role }) {
  return `
    svg { font: 13px ${font}; fill: ${text}; }
    .title { font: 600 25px ${heading}; } .subtitle { font-size: 15px; fill: ${shade(0.62)}; }
    .part { font-weight: 600; } .caption { font-size: 12px; }
    .note { font-size: 11px; fill: ${shade(0.66)}; }
    .middle { text-anchor: middle; } .end { text-anchor: end; } .strong { font-weight: 600; }
    .q { fill: ${role.q}; } .k { fill: ${role.k}; } .v { fill: ${role.v}; } .output { fill: ${role.output}; }
    .background { fill: ${background}; } .card { fill: ${card}; } .ring { fill: none; pointer-events: all; }
    .band { fill: ${primary}; opacity: 0.08; }
    .rule, .sign { fill: none; stroke: ${shade(0.15)}; } .sign { stroke: ${shade(0.66)}; }
    .rule circle { fill: ${card}; } .rule.on { stroke: ${primary}; }
    .ghost { fill: none; stroke: ${shade(0.5)}; stroke-dasharray: 2 3; }
    .strip { image-rendering: pixelated; clip-path: inset(0 round 2px); }
    .printed { font-size: 11px; text-anchor: middle; } .printed.on { fill: ${background}; }
    .outline, .cursor { fill: none; stroke: ${primary}; stroke-width: 1.5; pointer-events: none; }
    .cursor { stroke: ${text}; }
    .token.on { fill: ${primary}; font-weight: 600; } .token.on .note { fill: ${primary}; }
    .keys { font-size: 11.5px; text-anchor: end; }
    .flow { pointer-events: none; } .mixed { fill: url(#mixed); opacity: 0.75; } .told { fill: url(#told); opacity: 0.4; }
    .share { font-size: 10.5px; paint-order: stroke; stroke: ${card}; stroke-width: 3px; }
    .next { font-size: 13px; } .next.rest { fill: ${shade(0.66)}; } .chance { font-size: 12px; }
    .track { fill: ${shade(0.08)}; } .bar { fill: ${primary}; } .bar.rest { fill: ${shade(0.5)}; }
  `;
}

// ------------------------------------------------------------------------------------------------- small tools

function make(parent, tag, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, attributes);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function rect(parent, kind, x, y, width, height, more) {
  return make(parent, "rect", { class: kind, x, y, width, height, ...more });
}

function widthOf(text, font) {
  ink.font = font;
  return ink.measureText(text).width;
}

// Text cut so that it fits, between characters as people count them: no emoji is split.
function fit(text, width, font) {
  if (widthOf(text, font) <= width) return text;
  const characters = [...new Intl.Segmenter().segment(text.slice(0, 500))].map((s) => s.segment);
  while (characters.length > 1 && widthOf(characters.join("") + "…", font) > width) characters.pop();
  return characters.join("") + "…";
}

// The end of a text, from the first word with which it fits.
function fitEnd(text, width, font) {
  const words = text.slice(-500).split(/(?<=\s)/);
  while (words.length > 1 && widthOf("… " + words.join(""), font) > width) words.shift();
  return fit("… " + words.join(""), width, font);
}

// How d numbers fill a strip: lines of `across` cells, each a whole number of pixels wide.
function fold(d, width) {
  const across = Math.ceil(d / Math.ceil(d / width));
  return { across, lines: Math.ceil(d / across), w: across * Math.max(1, Math.floor(width / across)) };
}

// A band of one height from (x0, y0) to (x1, y1), its upper corners.
function ribbon(x0, y0, x1, y1, height) {
  const m = (x0 + x1) / 2;
  const [z0, z1] = [y0 + height, y1 + height];
  return `M${x0} ${y0}C${m} ${y0} ${m} ${y1} ${x1} ${y1}V${z1}C${m} ${z1} ${m} ${z0} ${x0} ${z0}Z`;
}

// ----------------------------------------------------------------------------------------------------- picture

class Picture {
  constructor(data, theme, width, title = false) {
    this.data = data;
    this.theme = theme;
    this.labels = data.labels.map((label) => {
      const [, index, text] = label.match(/^(\d+) ([^]*)$/) ?? [label, "", label];
      return { index, text: text.replace(/ (\d\/\d)$/, "\u200e $1"), label }; // "part 1/2" stays behind Arabic, too
    });
    this.n = this.labels.length;
    this.last = this.n - 1;
    this.ghost = data.hidden ? 1 : 0; // a row and a column of their own for the tokens that are not drawn
    this.keys = Array.from({ length: this.n + this.ghost }, (_, i) => i - this.ghost);
    this.layOut(Math.round(Math.min(WIDE, Math.max(NARROW, width))));
    this.stack(title ? 86 : 0);
    this.draw(title);
  }

  weight(row, key) {
    return key < 0 ? this.data.weights_hidden[row] : this.matrix.values[row * this.n + key];
  }

  seen(row, key) {
    return key < 0 || this.data.may_look[row][key] === "1";
  }

  // ---- where things lie: columns from left to right, rows from top to bottom

  layOut(width) {
    const { data, keys } = this;
    const { n_layers, d_model, d_head } = data.sizes;
    const full = fold(d_model, 32).w;
    const head = fold(d_head, 32).w;
    const thin = n_layers > 6 ? 8 : 16;
    this.tokens = 84 + Math.round((width - NARROW) * 0.1);
    const nextWidth = this.tokens + 26;
    const fixed = this.tokens + nextWidth + 3 * full + 4 * head + n_layers * thin * 1.5 + 200;
    const room = Math.max(200, width - fixed);
    const share = Math.min(room * 0.68, 34 * keys.length);
    this.cell = Math.min(48, Math.max(5, Math.round(Math.max(116, share) / keys.length)));
    const slot = Math.max(116, this.cell * keys.length);
    this.columns = [];
    this.lines = Math.min(room - slot, 200);

    let x = this.tokens;
    const place = (gap, id, part, name, packed, width) => {
      const numbers = unpack(packed);
      const most = extent(numbers.values);
      const column = { id, part, name, most, x: x + gap, ...fold(numbers.d, width), ...numbers };
      x = column.x + column.w;
      this.columns.push(column);
      return column;
    };
    const stream = (gap, i) => place(gap, "stream" + i, "blocks", `stream after layer ${i}`, data.stream[i], thin);

    this.vectors = place(8, "stream0", "embedding", "vectors", data.stream[0], 32);
    this.before = data.stream.slice(1, data.layer + 1).map((_, i) => stream(i ? thin / 2 : 24, i + 1));
    this.card = { x: x + (data.layer ? 8 : 14) };
    this.q = place(this.card.x - x + 10, "q", "attention", "queries", data.q, 32);
    this.k = place(6, "k", "attention", "keys", data.k, 32);
    const w = this.cell * keys.length;
    this.matrix = { id: "weights", x: x + 16 + Math.floor((slot - w) / 2), w, ...unpack(data.weights) };
    this.columns.push(this.matrix);
    x += 16 + slot;
    this.v = place(12, "v", "attention", "values", data.v, 32);
    this.output = place(this.lines, "output", "attention", "head output", data.output, 32);
    this.attention = place(30, "attention", "attention", "what all heads add", data.attention, 32);
    this.mlp = place(21, "mlp", "mlp", "what the MLP adds", data.mlp, 32);
    this.sum = stream(21, data.layer + 1);
    this.card.w = x + 10 - this.card.x;
    this.after = data.stream.slice(data.layer + 2).map((_, i) => stream(i ? thin / 2 : 22, data.layer + 2 + i));
    this.end = Math.max(x, this.card.x + this.card.w);
    this.width = Math.max(width, this.end + 38 + nextWidth);
    this.next = { x: this.width - nextWidth, w: nextWidth };
  }

  stack(top) {
    const rows = this.keys.length;
    this.top = top;
    this.pitch = Math.min(56, Math.max(22, Math.floor(BODY / rows)));
    this.strip = this.pitch - 5;
    this.body = Math.max(this.pitch * rows, 26 * (this.data.next[0].probs.length + 1));
    this.y0 = top + HEAD + Math.floor((this.body - this.pitch * rows) / 2);
    this.height = top + HEAD + this.body + KEYS + 34;
  }

  y(row) {
    return this.y0 + (row + this.ghost) * this.pitch;
  }

  // The upper edge of a row's strips, and their middle.
  upper(row) {
    return this.y(row) + 1;
  }

  middle(row) {
    return this.upper(row) + this.strip / 2;
  }

  // ---- drawing

  draw(title) {
    const { theme, width, height, top } = this;
    const xmlns = "http://www.w3.org/2000/svg";
    const size = { xmlns, viewBox: `0 0 ${width} ${height}` };
    this.svg = make(null, "svg", { ...size, role: "figure", "aria-label": this.summary() });
    this.defs = make(this.svg, "defs");
    make(this.defs, "style", {}, look(theme));
    this.drawPatterns();
    if (title) this.drawTitle();
    rect(this.svg, "card", this.card.x, top + 28, this.card.w, HEAD - 28 + this.body + KEYS, { rx: 10 });
    this.band = rect(this.svg, "band", 0, 0, this.end, this.pitch, { rx: 4 });
    this.drawStream();
    this.flow = make(this.svg, "g", { class: "flow" });
    this.rows = this.labels.map((_, row) => this.drawRow(row));
    this.drawMatrix();
    this.drawHeadings();
    this.drawTokens();
    this.told = make(this.svg, "g");
    this.drawLegend(title);
    this.cursor = rect(this.svg, "cursor", 0, 0, 0, 0, { visibility: "hidden" });
  }

  text(parent, x, y, text, kind, more) {
    return make(parent, "text", { x, y, class: kind, ...more }, text);
  }

  drawPatterns() {
    const { theme, defs } = this;
    const gradient = (id, colour, stops = 20) => {
      const made = make(defs, "linearGradient", { id });
      for (let i = 0; i <= stops; i++) make(made, "stop", { offset: i / stops, "stop-color": colour(i / stops) });
    };
    gradient("mixed", (t) => (t ? FILL.output : FILL.v), 1);
    gradient("told", (t) => (t ? theme.primary : theme.shade(0.6)), 1);
    gradient("numbers", (t) => css(theme.number(2 * t - 1)));
    gradient("weights", (t) => css(theme.weight(t)));
    const tile = { width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const hatch = make(defs, "pattern", { id: "hatch", ...tile });
    rect(hatch, "", 0, 0, 5, 5, { fill: theme.shade(0.03) });
    make(hatch, "line", { y2: 5, stroke: theme.shade(0.13) });
  }

  drawTitle() {
    const { svg, data, width, height, theme } = this;
    const { n_layers, n_heads } = data.sizes;
    const sentence = data.text || this.labels.map(({ text }) => text).join(" ");
    const place = `layer ${data.layer + 1} of ${n_layers}, head ${data.head + 1} of ${n_heads}`;
    rect(svg, "background", -40, -40, width + 80, height + 80);
    this.text(svg, 0, 32, (data.hidden ? fitEnd : fit)(sentence, width, `600 25px ${theme.heading}`), "title");
    this.text(svg, 0, 58, `on its way through a Transformer · ${place}`, "subtitle");
  }

  // One thin rule under each row: the residual stream, which runs through the whole model and is only ever added to.
  drawStream() {
    this.rules = this.labels.map((_, row) => {
      const y = this.y(row) + this.pitch - 1.5;
      const rule = make(this.svg, "g", { class: "rule" });
      make(rule, "line", { x1: this.tokens, x2: this.end, y1: y, y2: y });
      for (const column of [this.attention, this.mlp]) {
        const right = column.x + column.w;
        const x = right + 10.5;
        const d = `M${x - 3.5} ${y}h7M${x} ${y - 3.5}v7M${right + 1} ${this.middle(row)}H${x}V${y - 3.5}`;
        make(rule, "circle", { cx: x, cy: y, r: 3.5 });
        make(rule, "path", { d });
      }
      return rule;
    });
  }

  // The strips of one token; keys and values by themselves, because other tokens look at them.
  drawRow(row) {
    const group = () => make(this.svg, "g", { class: "fades" });
    const groups = { rest: group(), k: group(), v: group() };
    for (const column of this.columns) {
      if (column === this.matrix) continue;
      const place = {
        x: column.x,
        y: this.upper(row),
        width: column.w,
        height: this.strip,
        preserveAspectRatio: "none",
      };
      const href = this.stripImage(column, row);
      make(groups[column.id] ?? groups.rest, "image", { class: "strip", href, ...place });
    }
    return groups;
  }

  stripImage({ across, lines, d, values, most }, row) {
    ink.canvas.width = across;
    ink.canvas.height = lines;
    const image = ink.createImageData(across, lines);
    for (let i = 0; i < d; i++) image.data.set([...this.theme.number(values[row * d + i] / most), 255], 4 * i);
    ink.putImageData(image, 0, 0);
    return ink.canvas.toDataURL();
  }

  drawMatrix() {
    const { svg, matrix, cell, strip, theme } = this;
    this.cells = this.labels.map((_, row) => {
      const group = make(svg, "g", { class: "fades" });
      this.keys.forEach((key, i) => {
        const x = matrix.x + i * cell;
        const weight = this.weight(row, key);
        const fill = this.seen(row, key) ? css(theme.weight(weight)) : "url(#hatch)";
        rect(group, "", x + 0.5, this.upper(row), cell - 1, strip, { rx: Math.min(2, cell / 6), fill });
        if (cell < 25 || !this.seen(row, key)) return;
        const printed = weight.toFixed(2).replace(/^0/, "");
        this.text(group, x + cell / 2, this.middle(row) + 4, printed, weight > 0.45 ? "printed on" : "printed");
      });
      return group;
    });
    this.outline = rect(svg, "outline", matrix.x - 1.5, 0, matrix.w + 3, strip + 3, { rx: 3 });
    this.keyNames = make(svg, "g", { class: "keys k" });
  }

  // ---- headings: the parts are buttons; under them what each column is, its shape, and where its colours end

  drawHeadings() {
    const { data, n, before, after } = this;
    const { d_model, d_head, n_layers, n_heads, vocab } = data.sizes;
    const here = data.layer + 1;
    const layers = (first, last) => (first === last ? `Layer ${first}` : `Layers ${first}–${last}`);
    this.part("tokens", "Tokens");
    this.part("embedding", "Vectors", this.vectors, this.vectors);
    if (before.length) this.part("blocks", layers(1, data.layer), before[0], before.at(-1));
    this.part("attention", `Layer ${here} · attention, head ${data.head + 1} of ${n_heads}`, this.q, this.attention);
    this.part("mlp", "MLP", this.mlp, this.mlp);
    if (after.length) this.part("blocks", layers(here + 1, n_layers), after[0], after.at(-1));
    this.part("next", "Next token", this.next);

    this.caption(this.vectors, [], `${n}×${d_model}`);
    this.caption(this.q, ["queries"], `${n}×${d_head}`);
    this.caption(this.k, ["keys"], `${n}×${d_head}`);
    this.caption(this.matrix, ["who looks at whom"], `${n}×${n}`);
    this.caption(this.v, ["values"], `${n}×${d_head}`);
    this.caption(this.output, ["head", "output"], `${n}×${d_head}`);
    this.caption(this.attention, ["all heads", "× Wₒ"], `${n}×${d_model}`);
    this.caption(this.mlp, [], `${n}×${d_model}`);
    this.caption(this.sum, ["sum"], "");
    if (n_layers <= 6) for (const column of [...before, ...after]) this.caption(column, [], column.id.slice(6));
    this.text(this.svg, 0, this.top + 70, `${this.ghost ? "last " : ""}${n}`, "note");
    this.text(this.svg, this.next.x, this.top + 70, `of ${plain(vocab)}`, "note");
    const middle = (this.v.x + this.v.w + this.output.x) / 2;
    if (this.lines > 88) this.text(this.svg, middle, this.top + 70, "weights × values", "note middle");
  }

  // A part's name over its columns, from `first` to `last`; flush left where there is no `last`.
  part(part, name, first = { x: 0 }, last) {
    const button = { role: "button", tabindex: 0, "aria-label": `${name}: open the lesson` };
    const group = make(this.svg, "g", { class: "part", "data-part": part, ...button });
    const width = widthOf(name, `600 13px ${this.theme.font}`);
    const x = last ? (first.x + last.x + last.w - width) / 2 : first.x;
    rect(group, "ring", x - 4, this.top, width + 8, 25, { rx: 4 });
    this.text(group, x, this.top + 16, name);
  }

  caption(column, lines, shape) {
    const { svg, top } = this;
    const x = column.x + column.w / 2;
    const y = top + 68 - 12 * lines.length;
    lines.forEach((line, i) => this.text(svg, x, y + 12 * i, line, `caption middle ${column.id}`));
    this.text(svg, x, top + 70, shape, "note middle");
    if (column.most) this.text(svg, x, top + 83, `±${+column.most.toPrecision(2)}`, "note middle");
    const fill = FILL[column.id];
    if (fill) rect(svg, "", column.x, top + 88, column.w, 3, { rx: 1.5, fill });
  }

  drawTokens() {
    const { tokens, pitch, data, theme } = this;
    this.names = make(this.svg, "g", { role: "listbox", "aria-label": "Tokens" });
    this.backing = rect(this.names, "background", 0, this.top + HEAD - 4, tokens, this.body + 8, { opacity: 0 });
    if (this.ghost) {
      this.text(this.names, 0, this.middle(-1) + 4, `… ${plain(data.hidden)} before`, "note");
      for (const { x, w } of [this.k, this.v]) {
        rect(this.svg, "ghost", x + 0.5, this.upper(-1), w - 1, this.strip - 1, { rx: 2 });
      }
    }
    this.tokenNames = this.labels.map(({ index, text }, row) => {
      const more = { role: "option", tabindex: -1, "data-row": row, "aria-label": this.tell(row) };
      const token = make(this.names, "g", { class: "token", ...more });
      rect(token, "ring", 1, this.y(row) + 1, tokens - 2, pitch - 3, { rx: 4 });
      this.text(token, 16, this.middle(row) + 4.5, index, "note end");
      this.text(token, 22, this.middle(row) + 4.5, fit(text, tokens - 26, `600 13px ${theme.font}`));
      return token;
    });
  }

  drawLegend(title) {
    const group = make(this.svg, "g");
    const y = this.height - 8;
    let x = 0;
    const say = (text, gap) => {
      this.text(group, x, y, text, "note");
      x += widthOf(text, `11px ${this.theme.font}`) + gap;
    };
    const box = (width, id, gap) => {
      rect(group, "", x, y - 9, width, 10, { rx: 2, fill: `url(#${id})` });
      x += width + gap;
    };
    say("numbers from \u2212m", 6);
    box(96, "numbers", 6);
    say("to m, the ± above each column", 26);
    say("weights from 0", 6);
    box(72, "weights", 6);
    say("to 1", 26);
    box(14, "hatch", 6);
    say("comes later: masked, −∞", 26);
    const plus = `M${x} ${y - 4}h26M${x + 13} ${y - 7.5}v7m-3.5-3.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0`;
    make(group, "path", { class: "sign", d: plus });
    x += 32;
    say("residual stream: each part adds to it", 0);
    if (title) this.text(group, this.width, y, "Attention Lab", "note end strong");
  }

  // ---- following one token through every column; the others step back, more so when somebody points

  follow(row, pointed) {
    const back = pointed ? 0.25 : 0.65;
    const most = Math.max(...this.keys.map((key) => this.weight(row, key)));
    this.row = row;
    set(this.band, { y: this.y(row) - 0.5 });
    set(this.outline, { y: this.upper(row) - 1.5 });
    this.labels.forEach((_, r) => {
      const looked = back + (1 - back) * Math.sqrt(this.weight(row, r) / most);
      set(this.rows[r].rest, { opacity: r === row ? 1 : back });
      set(this.rows[r].k, { opacity: looked });
      set(this.rows[r].v, { opacity: looked });
      set(this.cells[r], { opacity: r === row || !pointed ? 1 : 0.45 });
      this.rules[r].classList.toggle("on", r === row);
      this.tokenNames[r].classList.toggle("on", r === row);
      set(this.tokenNames[r], { "aria-selected": r === row });
    });
    this.flow.replaceChildren();
    this.drawKeys(row);
    this.drawMixing(row);
    this.drawNext(row);
  }

  // The keys' names under the matrix: all of them while they fit, else those that this token looks at most.
  drawKeys(row) {
    const { matrix, cell } = this;
    const y = this.y(this.last) + this.pitch + 6;
    const order = [...this.keys].sort((a, b) => (b < 0) - (a < 0) || this.weight(row, b) - this.weight(row, a));
    const taken = [];
    this.keyNames.replaceChildren();
    for (const key of order) {
      const x = matrix.x + (key + this.ghost + 0.5) * cell;
      const crowded = taken.some((other) => Math.abs(other - x) < 12);
      if (crowded || (cell < 12 && this.weight(row, key) < 0.02)) continue;
      taken.push(x);
      const transform = cell < 17 ? `translate(${x + 4} ${y}) rotate(-90)` : `translate(${x + 3} ${y + 4}) rotate(-50)`;
      const label = key < 0 ? "earlier" : this.labels[key].label;
      make(this.keyNames, "text", { transform }, fit(label, KEYS - 6, `11.5px ${this.theme.font}`));
    }
  }

  // What the head brings to this token: a band from every value it looked at, as high as the weight is large. The
  // weights of a row sum to 1, so together they are as high as the output.
  drawMixing(row) {
    const bands = make(this.flow, "g", { class: "flows mixed" });
    const x = this.v.x + this.v.w + 2;
    let y = this.upper(row);
    for (const key of this.keys.filter((key) => this.seen(row, key))) {
      const weight = this.weight(row, key);
      const height = weight * this.strip;
      make(bands, "path", { d: ribbon(x, this.middle(key) - height / 2, this.output.x - 3, y, height) });
      y += height;
      const above = this.middle(key) - Math.max(height / 2, 1) - 2;
      if (weight >= 0.01) this.text(this.flow, x + 3, above, percent(weight), "share v");
    }
  }

  // What comes next: the same height again, shared out by probability.
  drawNext(row) {
    const { theme, data, told } = this;
    const { x, w } = this.next;
    const { labels, probs, rest } = data.next[row];
    const entries = labels.map((label, i) => ({ label, p: probs[i], kind: i ? "" : "strong" }));
    const others = data.sizes.vocab - labels.length;
    if (others) entries.push({ label: `${plain(others)} others`, p: rest, kind: "rest" });
    const step = Math.min(32, this.body / entries.length);
    const start = this.top + HEAD + (this.body - step * entries.length) / 2;
    const most = Math.max(...entries.map(({ p }) => p));
    const bands = make(this.flow, "g", { class: "flows told" });
    let from = this.upper(row);
    this.entries = { start, step, list: entries };
    told.replaceChildren();
    entries.forEach(({ label, p, kind }, i) => {
      const y = start + (i + 1) * step;
      const height = p * this.strip;
      make(bands, "path", { d: ribbon(this.end + 3, from, x - 5, y - 5.5 - height / 2, height) });
      from += height;
      const name = fit(label, w - 38, `${kind === "strong" ? 600 : 400} 13px ${theme.font}`);
      this.text(told, x, y - 11, name, `next ${kind}`);
      this.text(told, x + w, y - 11, percent(p), `next chance end ${kind}`);
      rect(told, "track", x, y - 7, w, 3, { rx: 1.5 });
      rect(told, `bar ${kind}`, x, y - 7, (p / most) * w, 3, { rx: 1.5 });
    });
  }

  // ---- words

  summary() {
    const { text, layer, head, sizes } = this.data;
    const place = `layer ${layer + 1} of ${sizes.n_layers}, head ${head + 1} of ${sizes.n_heads}`;
    return `${text ? `“${text.slice(0, 300)}”` : "A sentence"} in a Transformer, ${place}. ${this.tell(this.last)}`;
  }

  tell(row) {
    const { labels, probs } = this.data.next[row];
    const best = this.keys.reduce((a, b) => (this.weight(row, b) > this.weight(row, a) ? b : a));
    const looks = `looks most at ${this.nameOf(best)}, ${percent(this.weight(row, best))}`;
    return `Token ${this.labels[row].label} ${looks}. Most probable next token: ${labels[0]}, ${percent(probs[0])}.`;
  }

  nameOf(key) {
    return key < 0 ? `the ${plain(this.data.hidden)} tokens before` : this.labels[key].label;
  }

  // ---- what lies where, for pointing and for the keyboard

  // `hidden`: how far the picture is scrolled; the tokens' names stay in sight over what lies there.
  find(x, y, hidden = 0) {
    const row = Math.floor((y - this.y0) / this.pitch) - this.ghost;
    if (x >= this.next.x - 4) {
      const cell = Math.floor((y - this.entries.start) / this.entries.step);
      return this.entries.list[cell] ? { id: "next", cell } : {};
    }
    if (row < 0 || row > this.last) return {};
    const column = this.columns.find((c) => x >= c.x && x < c.x + c.w);
    if (!column || x < hidden + this.tokens) return { row };
    return { row, id: column.id, cell: this.cellAt(column, row, x, y) };
  }

  cellAt(column, row, x, y) {
    if (column === this.matrix) return Math.floor((x - column.x) / this.cell);
    const across = Math.floor(((x - column.x) / column.w) * column.across);
    const line = Math.floor(((y - this.upper(row)) / this.strip) * column.lines);
    return Math.min(column.d - 1, across + column.across * Math.min(column.lines - 1, Math.max(0, line)));
  }

  // The columns with how many cells a row has in each, from left to right.
  stops() {
    const count = (column) => (column === this.matrix ? this.keys.length : column.d);
    return [
      ...this.columns.map((c) => ({ id: c.id, count: count(c) })),
      { id: "next", count: this.entries.list.length },
    ];
  }

  // What a cell says, and where it is.
  read(row, id, cell) {
    if (id === "next") return this.readNext(row, cell);
    if (id === "weights") return this.readWeight(row, this.keys[cell]);
    const column = this.columns.find((c) => c.id === id);
    const width = column.w / column.across;
    const height = this.strip / column.lines;
    const x = column.x + (cell % column.across) * width;
    const y = this.upper(row) + Math.floor(cell / column.across) * height;
    return {
      value: signed(column.values[row * column.d + cell]),
      about: `${this.labels[row].label} · ${column.name} · number ${cell + 1} of ${column.d}`,
      box: { x, y, width, height },
    };
  }

  readWeight(row, key) {
    const [from, to, weight] = [this.labels[row].label, this.nameOf(key), this.weight(row, key)];
    const x = this.matrix.x + (key + this.ghost) * this.cell;
    const box = { x, y: this.upper(row), width: this.cell, height: this.strip };
    if (!this.seen(row, key)) return { value: "−∞", about: `${from} must not look at ${to}: masked, weight 0`, box };
    return { value: weight.toFixed(3), about: `${from} looks at ${to}: ${percent(weight)} of its attention`, box };
  }

  readNext(row, cell) {
    const { start, step, list } = this.entries;
    const { label, p, kind } = list[cell];
    return {
      value: (100 * p).toFixed(2) + "\u202f%",
      about:
        kind === "rest" ? `${label} together` : `the probability that ${label} comes after ${this.labels[row].label}`,
      box: { x: this.next.x - 3, y: start + cell * step + 3, width: this.next.w + 6, height: step - 4 },
    };
  }

  mark(box) {
    set(this.cursor, { visibility: box ? "visible" : "hidden" });
    if (!box) return;
    const grow = Math.max(1.5, (5 - Math.min(box.width, box.height)) / 2);
    const size = { width: box.width + 2 * grow, height: box.height + 2 * grow };
    set(this.cursor, { x: box.x - grow, y: box.y - grow, ...size });
  }
}

// ------------------------------------------------------------------------------------------------------ saving

async function save(data, theme, pinned, kind) {
  const picture = new Picture(data, theme, 1180, true);
  picture.follow(pinned ?? picture.last, pinned !== null);
  const width = picture.width + 80;
  const height = picture.height + 70;
  set(picture.svg, { viewBox: `-40 -36 ${width} ${height}`, width, height });
  await embedFont(picture.defs, theme.font);
  const svg = new Blob([new XMLSerializer().serializeToString(picture.svg)], { type: "image/svg+xml" });
  const blob = kind === "svg" ? svg : await raster(svg, width, height);
  download(blob, `attention-lab-layer-${data.layer + 1}-head-${data.head + 1}.${kind}`);
}

// The page's own font travels inside the picture, so that it looks the same wherever it is opened.
async function embedFont(defs, fonts) {
  const bare = (name) => name.split(",")[0].replace(/["']/g, "").trim();
  const family = bare(fonts);
  for (const sheet of [...document.styleSheets].filter(({ href }) => !href || href.startsWith(location.origin))) {
    for (const { style } of [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule)) {
      const address = style.getPropertyValue("src").match(/url\("?([^")]+)"?\)/)?.[1];
      if (bare(style.fontFamily) !== family || style.fontStyle === "italic" || !address) continue;
      const url = await dataUrl(new URL(address, sheet.href ?? document.baseURI));
      make(defs, "style", {}, `@font-face { font-family: "${family}"; font-weight: 100 900; src: url(${url}); }`);
      return;
    }
  }
}

async function dataUrl(address) {
  const reader = new FileReader();
  reader.readAsDataURL(await (await fetch(address)).blob());
  await new Promise((done) => (reader.onload = done));
  return reader.result;
}

async function raster(svg, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
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

// -------------------------------------------------------------------------------------------------- on the page

class Poster {
  constructor(root) {
    this.root = root;
    this.scroller = root.querySelector(".scroller");
    this.tip = root.querySelector(".tip");
    this.spoken = root.querySelector(".spoken");
    this.pinned = null; // the row that a click keeps
    this.pointed = null; // the row under the pointer or the keyboard's focus
    this.stop = null; // the cell that the arrow keys have reached: { id, cell }
    for (const button of root.querySelectorAll("[data-step]")) {
      button.onclick = () => this.step(button.dataset.step, Number(button.dataset.by));
    }
    for (const button of root.querySelectorAll("[data-save]")) {
      button.onclick = () => save(this.data, themeOf(this.scroller), this.pinned, button.dataset.save);
    }
    this.listen();
  }

  listen() {
    const { scroller } = this;
    scroller.onpointermove = scroller.onpointerdown = (event) => this.point(event);
    scroller.onpointerleave = (event) => event.pointerType !== "touch" && this.leave();
    scroller.onclick = (event) => this.click(event);
    scroller.onkeydown = (event) => this.key(event);
    scroller.addEventListener("focusin", (event) => this.focused(event));
    scroller.addEventListener("focusout", (event) => this.unfocused(event));
    scroller.onscroll = () => this.stick();
    this.resized = new ResizeObserver(() => scroller.clientWidth !== this.width && this.draw());
    this.resized.observe(scroller);
  }

  close() {
    this.resized.disconnect();
  }

  update({ data, setTriggerValue }) {
    const same = this.data?.labels.join("\n") === data.labels.join("\n");
    if (!same) this.pinned = this.pointed = this.stop = null;
    this.send = setTriggerValue;
    this.data = data;
    this.at = { layer: data.layer, head: data.head };
    this.draw();
  }

  // Draw everything anew; what was pointed at, focused and scrolled to stays so.
  draw() {
    if (!this.data) return;
    const { row, part } = this.scroller.querySelector(":focus")?.dataset ?? {};
    const focus = row ? `[data-row="${row}"]` : part ? `[data-part="${part}"]` : null;
    this.width = this.scroller.clientWidth;
    this.picture = new Picture(this.data, themeOf(this.scroller), this.width);
    this.scroller.replaceChildren(this.picture.svg);
    this.label();
    this.show();
    this.hush();
    this.stick();
    if (focus) this.scroller.querySelector(focus)?.focus({ preventScroll: true });
    if (row && this.stop) this.say(this.stop);
  }

  get row() {
    return this.pointed ?? this.pinned ?? this.picture.last;
  }

  show() {
    this.picture.follow(this.row, this.pointed !== null || this.pinned !== null);
    this.picture.tokenNames.forEach((token, row) => set(token, { tabindex: row === this.row ? 0 : -1 }));
  }

  // ---- layer and head: the words change at once, the picture when its numbers have come

  step(name, by) {
    const to = this.at[name] + by;
    if (to < 0 || to >= this.data.sizes[`n_${name}s`]) return;
    this.at[name] = to;
    this.label();
    this.send("step", { ...this.at });
  }

  label() {
    for (const name of ["layer", "head"]) {
      const count = this.data.sizes[`n_${name}s`];
      const title = name === "layer" ? "Layer" : "Head";
      this.root.querySelector(`[data-shows=${name}]`).textContent = `${title} ${this.at[name] + 1} of ${count}`;
      for (const button of this.root.querySelectorAll(`[data-step=${name}]`)) {
        const to = this.at[name] + Number(button.dataset.by);
        set(button, { "aria-disabled": to < 0 || to >= count });
      }
    }
  }

  // ---- pointing

  get zoom() {
    return this.picture.svg.getBoundingClientRect().width / this.picture.width;
  }

  point(event) {
    const { zoom, scroller, picture } = this;
    const box = picture.svg.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
    const { row = null, id, cell } = picture.find(x, y, scroller.scrollLeft / zoom);
    if (id !== "next" && row !== this.pointed) {
      this.pointed = row;
      this.show();
    }
    if (id) this.say({ id, cell });
    else this.hush();
  }

  leave() {
    this.hush();
    if (this.pointed === null) return;
    this.pointed = null;
    this.show();
  }

  click({ target }) {
    const part = target.closest("[data-part]")?.dataset.part;
    const token = target.closest("[data-row]");
    if (part) this.open(part);
    else if (token) this.pin(Number(token.dataset.row));
  }

  open(part) {
    this.send("open", { part, ...this.at });
  }

  pin(row) {
    this.pinned = this.pinned === row ? null : row;
    this.show();
  }

  // ---- keyboard: up and down through the tokens, left and right through the numbers of one, with Shift by columns

  focused({ target }) {
    if (target.dataset.row === undefined) return;
    this.pointed = Number(target.dataset.row);
    this.show();
  }

  unfocused({ relatedTarget }) {
    if (this.scroller.contains(relatedTarget)) return;
    this.stop = null;
    this.leave();
  }

  key(event) {
    const { part, row } = event.target.dataset;
    const press = event.key === "Enter" || event.key === " ";
    const actions = {
      ArrowDown: () => this.moveTo(Number(row) + 1),
      ArrowUp: () => this.moveTo(Number(row) - 1),
      ArrowRight: () => this.move(1, event.shiftKey),
      ArrowLeft: () => this.move(-1, event.shiftKey),
      Escape: () => this.reset(),
    };
    const action = press ? () => (part ? this.open(part) : this.pin(Number(row))) : row && actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  reset() {
    this.pinned = this.stop = null;
    this.hush();
  }

  moveTo(row) {
    this.picture.tokenNames[row]?.focus({ preventScroll: true });
    if (this.stop) this.say(this.stop, true);
  }

  move(by, wholeColumn) {
    const stops = this.picture.stops();
    let at = stops.findIndex(({ id }) => id === this.stop?.id);
    let cell = at < 0 || wholeColumn ? Infinity : this.stop.cell + by;
    if (!(cell >= 0 && cell < stops[at]?.count)) {
      at += by;
      cell = by < 0 && !wholeColumn ? stops[at]?.count - 1 : 0;
    }
    if (at >= stops.length) return;
    this.stop = stops[at] ? { id: stops[at].id, cell } : null;
    if (this.stop) this.say(this.stop, true);
    else this.hush();
  }

  // ---- the value of a cell

  say({ id, cell }, aloud = false) {
    const { picture, scroller, tip, zoom } = this;
    const { value, about, box } = picture.read(this.row, id, cell);
    tip.querySelector("b").textContent = value;
    tip.querySelector("span").textContent = about;
    tip.hidden = false;
    picture.mark(box);
    const x = (box.x + box.width / 2) * zoom - scroller.scrollLeft - tip.offsetWidth / 2;
    const y = (box.y + box.height) * zoom + 10;
    const fits = y + tip.offsetHeight < picture.height * zoom;
    tip.style.left = `${Math.min(Math.max(0, x), scroller.clientWidth - tip.offsetWidth)}px`;
    tip.style.top = `${fits ? y : box.y * zoom - tip.offsetHeight - 10}px`;
    if (aloud) this.spoken.textContent = `${value}. ${about}`;
  }

  hush() {
    this.tip.hidden = true;
    this.picture.mark(null);
  }

  // On a narrow screen the tokens stay in sight while the rest scrolls.
  stick() {
    const shift = this.scroller.scrollLeft / this.zoom;
    set(this.picture.names, { transform: `translate(${shift} 0)` });
    set(this.picture.backing, { opacity: shift > 0 ? 0.9 : 0 });
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
