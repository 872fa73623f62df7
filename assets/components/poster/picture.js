// The poster as one SVG: drawn from data and theme, able to follow one token, and to say what any cell holds.

import { fill, fine } from "../common.js";
import { fit, fontFace, widthOf } from "../keep.js";
import { HEAD, KEYS, LEAST, Layout } from "./layout.js";
import { FILL, numberColour, stylesheet, weightColour } from "./look.js";

const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

const plain = (n) => n.toLocaleString("en-US");

/** Three figures: as many as are sure, once a number was rounded to float16 to travel. */
function digits(x) {
  return fine(x, Math.abs(x) < 1 ? 3 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x)))));
}

/** What is not quite 0 or 1 is never written as 0 % or 100 %. */
export function percent(p) {
  const near = p < 0.0995 || (p >= 0.995 && p < 1);
  const text = p < 0.0005 ? "<0.1" : p >= 0.9995 && p < 1 ? ">99.9" : near ? (100 * p).toFixed(1) : Math.round(100 * p);
  return `${text}%`;
}

function make(parent, tag, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, attributes);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function rect(parent, kind, x, y, width, height, more) {
  return make(parent, "rect", { class: kind, x, y, width, height, ...more });
}

function write(parent, x, y, text, kind) {
  return make(parent, "text", { x, y, class: kind }, text);
}

/** The end of a text, from the first word with which it fits. */
function fitEnd(text, width, font) {
  const rest = text.slice(-500).split(/(?<=\s)/);
  while (rest.length > 1 && widthOf("… " + rest.join(""), font) > width) rest.shift();
  return fit("… " + rest.join(""), width, font);
}

/** A band of one height from (x0, y0) to (x1, y1), its upper corners. */
function ribbon(x0, y0, x1, y1, height) {
  const m = (x0 + x1) / 2;
  const [z0, z1] = [y0 + height, y1 + height];
  return `M${x0} ${y0}C${m} ${y0} ${m} ${y1} ${x1} ${y1}V${z1}C${m} ${z1} ${m} ${z0} ${x0} ${z0}Z`;
}

export class Picture extends Layout {
  constructor(data, theme, width, title = false) {
    super(data, width, title ? 86 : 0);
    this.theme = { ...theme, larger: this.width / Math.min(this.width, Math.max(LEAST, width)) };
    this.words = data.words;
    this.place = { layer: data.layer + 1, head: data.head + 1, layers: data.sizes.n_layers, heads: data.sizes.n_heads };
    this.labels = data.labels.map((label) => {
      const [, index, text] = label.match(/^(\d+) ([^]*)$/) ?? [label, "", label];
      return { index, text: text.replace(/ (\d\/\d)$/, "\u200e $1"), label }; // so that "1/2" stays behind Arabic
    });
    this.draw(title);
  }

  // ---- drawing

  draw(title) {
    const size = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${this.width} ${this.height}` };
    this.svg = make(null, "svg", { ...size, role: "figure", "aria-label": this.summary() });
    this.defs = make(this.svg, "defs");
    make(this.defs, "style", {}, stylesheet(this.theme));
    this.drawPatterns();
    if (title) this.drawTitle();
    rect(this.svg, "card", this.card.x, this.top + 28, this.card.w, HEAD - 28 + this.body + KEYS, { rx: 10 });
    this.band = rect(this.svg, "band", 0, 0, this.end, this.pitch, { rx: 4 });
    this.drawStream();
    this.flow = make(this.svg, "g", { class: "flow", "aria-hidden": true });
    this.rows = this.labels.map((_, row) => this.drawRow(row));
    this.drawMatrix();
    this.drawHeadings();
    this.drawTokens();
    this.told = make(this.svg, "g");
    this.drawLegend(title);
    this.cursor = rect(this.svg, "cursor", 0, 0, 0, 0, { visibility: "hidden" });
  }

  drawPatterns() {
    const { theme, defs } = this;
    const gradient = (id, colour, stops = 20) => {
      const made = make(defs, "linearGradient", { id });
      for (let i = 0; i <= stops; i++) make(made, "stop", { offset: i / stops, "stop-color": colour(i / stops) });
    };
    gradient("mixed", (t) => (t ? FILL.output : FILL.v), 1);
    gradient("told", (t) => (t ? theme.primary : theme.shade(0.6)), 1);
    gradient("numbers", (t) => numberColour(theme, 2 * t - 1).fill);
    gradient("weights", (t) => weightColour(theme, t).fill);
    for (const [id, colour] of Object.entries(FILL)) {
      const flow = { id: `flow-${id}`, ...(id === "q" ? { x1: 1, x2: 0 } : {}) }; // queries flow in, all others out
      const made = make(defs, "linearGradient", flow);
      const most = id === "v" ? 0.35 : 0.5; // paler where numbers stand on it
      [most, 0].forEach((opacity, offset) => make(made, "stop", { offset, "stop-color": colour, "stop-opacity": opacity }));
    }
    const tile = { width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const hatch = make(defs, "pattern", { id: "hatch", ...tile });
    rect(hatch, "", 0, 0, 5, 5, { fill: theme.shade(0.03) });
    make(hatch, "line", { y2: 5, stroke: theme.shade(0.13) });
  }

  drawTitle() {
    const { svg, data, width, height, theme } = this;
    const sentence = data.text || this.labels.map(({ text }) => text).join(" ");
    const cut = data.hidden ? fitEnd : fit;
    rect(svg, "background", -40, -40, width + 80, height + 80);
    write(svg, 0, 32, cut(sentence, width, `600 25px ${theme.heading}`), "title");
    write(svg, 0, 58, fill(this.words.subtitle, this.place), "subtitle");
  }

  /** One thin rule under each row: the residual stream, which runs through the whole model and is only added to. */
  drawStream() {
    this.rules = this.labels.map((_, row) => {
      const y = this.y(row) + this.pitch - 1.5;
      const rule = make(this.svg, "g", { class: "rule" });
      make(rule, "line", { x1: this.tokens, x2: this.end, y1: y, y2: y });
      for (const column of [this.attention, this.mlp]) {
        const right = column.x + column.w;
        const x = right + 10.5;
        const plus = `M${x - 3.5} ${y}h7M${x} ${y - 3.5}v7M${right + 1} ${this.middle(row)}H${x}V${y - 3.5}`;
        make(rule, "circle", { cx: x, cy: y, r: 3.5 });
        make(rule, "path", { d: plus });
      }
      return rule;
    });
  }

  /** The strips of one token; keys and values by themselves, because other tokens look at them. */
  drawRow(row) {
    const group = () => make(this.svg, "g", { class: "fades" });
    const groups = { rest: group(), k: group(), v: group() };
    this.drawFades(row, groups);
    for (const column of this.columns) {
      if (column === this.matrix) continue;
      const place = { x: column.x, y: this.upper(row), width: column.w, height: this.strip };
      const image = { href: this.stripImage(column, row), preserveAspectRatio: "none" };
      make(groups[column.id] ?? groups.rest, "image", { class: "strip", "data-column": column.id, ...image, ...place });
    }
    return groups;
  }

  /** Where a token's strips go on: the stream into the queries, keys to the matrix, values to their sum, that to Wₒ. */
  drawFades(row, { rest, k, v }) {
    const before = this.before.at(-1) ?? this.vectors;
    const fade = (group, id, from, to) => {
      rect(group, "", from + 1, this.upper(row), to - from - 2, this.strip, { fill: `url(#flow-${id})` });
    };
    fade(rest, "q", before.x + before.w, this.q.x);
    fade(k, "k", this.k.x + this.k.w, this.matrix.x);
    fade(v, "v", this.v.x + this.v.w, this.v.x + this.v.w + 16);
    fade(rest, "output", this.output.x + this.output.w, this.attention.x);
  }

  stripImage({ across, lines, d, values, most }, row) {
    ink.canvas.width = across;
    ink.canvas.height = lines;
    const image = ink.createImageData(across, lines);
    for (let i = 0; i < d; i++) {
      image.data.set(numberColour(this.theme, values[row * d + i] / most).colour, 4 * i);
      image.data[4 * i + 3] = 255;
    }
    ink.putImageData(image, 0, 0);
    return ink.canvas.toDataURL();
  }

  drawMatrix() {
    const { svg, matrix, cell, strip, theme } = this;
    this.cells = this.labels.map((_, row) => {
      const group = make(svg, "g", { class: "fades", "aria-hidden": true }); // each token says where it looks
      this.keys.forEach((key, i) => {
        const x = matrix.x + i * cell;
        const weight = this.weight(row, key);
        const seen = this.seen(row, key);
        const colour = weightColour(theme, weight);
        const corner = { rx: Math.min(2, cell / 6), fill: seen ? colour.fill : "url(#hatch)" };
        rect(group, "", x + 0.5, this.upper(row), cell - 1, strip, corner);
        if (cell < 25 || !seen) return;
        const printed = weight.toFixed(2).replace(/^0/, "");
        set(write(group, x + cell / 2, this.middle(row) + 4, printed, "printed"), { fill: colour.ink });
      });
      return group;
    });
    this.outline = rect(svg, "outline", matrix.x - 1.5, 0, matrix.w + 3, strip + 3, { rx: 3 });
    this.keyNames = make(svg, "g", { class: "keys k", "aria-hidden": true });
  }

  // ---- headings: the parts are buttons; under them what each column is, its shape, and where its colours end

  drawHeadings() {
    const { words, place, before, after } = this;
    const layers = (first, last) => fill(first === last ? words.one_layer : words.several_layers, { first, last });
    this.drawPart("tokens", words.tokens);
    this.drawPart("embedding", words.vectors, this.vectors, this.vectors);
    if (before.length) this.drawPart("blocks", layers(1, place.layer - 1), before[0], before.at(-1), 0);
    this.drawPart("attention", fill(words.attention, place), this.q, this.output);
    this.drawPart("heads", words.heads, this.attention, this.attention);
    this.drawPart("mlp", words.mlp, this.mlp, this.mlp);
    const later = layers(place.layer + 1, place.layers);
    if (after.length) this.drawPart("blocks", later, after[0], after.at(-1), place.layer);
    this.drawPart("next", words.next, this.next);
    this.drawCaptions();
  }

  drawCaptions() {
    const { svg, words, n, ghost, before, after, next, v, output, matrix } = this;
    const { d_model, d_head, n_layers, vocab } = this.data.sizes;
    const y = this.top + 70;
    for (const column of [this.vectors, this.mlp]) this.caption(column, "", d_model);
    for (const column of [this.q, this.k, v, output]) this.caption(column, words[`${column.id}_short`], d_head);
    this.caption(matrix, words.weights_short, n);
    this.caption(this.attention, words.attention_short, d_model);
    this.caption(this.sum, words.sum);
    if (n_layers <= 6) for (const column of [...before, ...after]) this.caption(column, "", null, column.layer);
    write(svg, 0, y, fill(ghost ? words.last : "{count}", { count: n }), "note");
    write(svg, next.x, y, fill(words.of, { count: plain(vocab) }), "note");
    if (this.lines > 88) write(svg, (v.x + v.w + output.x) / 2, y, words.mixing, "note middle");
  }

  /** A part's name over its columns, from `first` to `last`; flush left where there is no `last`.
   * `layer`, counted from 0, is where its lesson opens, if not at the layer that is shown. */
  drawPart(part, name, first = { x: 0 }, last, layer) {
    const button = { role: "button", tabindex: 0, "aria-label": fill(this.words.open, { part: name }) };
    const group = make(this.svg, "g", { class: "part", "data-part": part, ...button });
    if (layer !== undefined) set(group, { "data-layer": layer });
    const width = widthOf(name, `600 13px ${this.theme.font}`);
    const x = last ? (first.x + last.x + last.w - width) / 2 : first.x;
    rect(group, "ring", x - 4, this.top, width + 8, 28, { rx: 4 }); // a finger finds it, also when shrunk
    write(group, x, this.top + 16, name);
  }

  caption(column, name, d, shape = d ? `${this.n}×${d}` : "") {
    const { svg, top } = this;
    const x = column.x + column.w / 2;
    const lines = name.split("\n");
    lines.forEach((line, i) => write(svg, x, top + 68 - 12 * (lines.length - i), line, `caption middle ${column.id}`));
    write(svg, x, top + 70, shape, "note middle");
    if (column.most) write(svg, x, top + 83, `±${column.most}`, "note middle");
    if (FILL[column.id]) rect(svg, "", column.x, top + 88, column.w, 3, { rx: 1.5, fill: FILL[column.id] });
  }

  drawTokens() {
    const { svg, tokens, pitch, words, theme } = this;
    this.names = make(svg, "g", { role: "listbox", "aria-label": words.tokens });
    this.backing = rect(this.names, "background", 0, this.top + HEAD - 4, tokens, this.body + 8, { opacity: 0 });
    if (this.ghost) {
      write(this.names, 0, this.middle(-1) + 4, fill(words.before, { count: plain(this.data.hidden) }), "note");
      for (const { x, w } of [this.k, this.v]) {
        rect(svg, "ghost", x + 0.5, this.upper(-1), w - 1, this.strip - 1, { rx: 2 });
      }
    }
    const end = Math.max(16, 2 + widthOf(this.labels[this.last].index, `${11 * theme.larger}px ${theme.font}`));
    this.tokenNames = this.labels.map(({ index, text }, row) => {
      const option = { role: "option", tabindex: -1, "data-row": row, "aria-label": this.tell(row) };
      const token = make(this.names, "g", { class: "token", ...option });
      rect(token, "ring", 1, this.y(row) + 1, tokens - 2, pitch - 3, { rx: 4 });
      write(token, end, this.middle(row) + 4.5, index, "note end");
      write(token, end + 6, this.middle(row) + 4.5, fit(text, tokens - end - 10, `600 13px ${theme.font}`));
      return token;
    });
  }

  drawLegend(title) {
    const { words } = this;
    const group = make(this.svg, "g");
    const y = this.height - 8;
    let x = 0;
    const say = (text, gap) => {
      write(group, x, y, text, "note legend");
      x += widthOf(text, `11px ${this.theme.font}`) + gap;
    };
    const sample = (width, id) => {
      rect(group, "", x, y - 9, width, 10, { rx: 2, fill: `url(#${id})` });
      x += width + 6;
    };
    say(words.numbers_from, 6);
    sample(96, "numbers");
    say(words.numbers_to, 26);
    say(words.weights_from, 6);
    sample(72, "weights");
    say(words.weights_to, 26);
    sample(14, "hatch");
    say(words.masked_legend, 26);
    const plus = `M${x} ${y - 4}h26M${x + 13} ${y - 7.5}v7m-3.5-3.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0`;
    make(group, "path", { class: "sign", d: plus });
    x += 32;
    say(words.stream_legend, 0);
    if (title) write(group, this.width, y, words.name, "note end strong");
  }

  // ---- following one token through every column; the others step back, more so when somebody points

  follow(row, pointed) {
    const back = pointed ? 0.25 : 0.72;
    const most = Math.max(...this.keys.map((key) => this.weight(row, key))) || 1;
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
      set(this.tokenNames[r], { "aria-selected": r === row, tabindex: r === row ? 0 : -1 });
    });
    this.flow.replaceChildren();
    this.drawKeys(row);
    this.drawMixing(row);
    this.drawNext(row);
  }

  /** The keys' names under the matrix: all of them while they fit, else those that this token looks at most. */
  drawKeys(row) {
    const { matrix, cell } = this;
    const y = this.y(this.last) + this.pitch + 6;
    const size = Math.min(11.5, Math.max(10, cell)); // of the type, and so how close names can stand
    const order = [...this.keys].sort((a, b) => (b < 0) - (a < 0) || this.weight(row, b) - this.weight(row, a));
    const taken = [];
    this.keyNames.replaceChildren();
    for (const key of order) {
      const x = matrix.x + (key + this.ghost + 0.5) * cell;
      const crowded = taken.some((other) => Math.abs(other - x) < size);
      if (crowded || (cell < 9 && this.weight(row, key) < 0.02)) continue;
      taken.push(x);
      const transform = cell < 17 ? `translate(${x + 0.35 * size} ${y}) rotate(-90)` : `translate(${x + 3} ${y + 4}) rotate(-50)`;
      const label = key < 0 ? this.words.earlier : this.labels[key].label;
      const shown = fit(label, KEYS - 6, `${size}px ${this.theme.font}`);
      make(this.keyNames, "text", { transform, "font-size": size }, shown);
    }
  }

  /** What the head brings to this token: from every value it looked at a band, as high as the weight is large.
   * The weights of a row sum to 1, so together they are as high as the output. */
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
      if (weight >= 0.01) write(this.flow, x + 3, above, percent(weight), "share v");
    }
  }

  /** What comes next: the same height again, shared out by probability. */
  drawNext(row) {
    const { theme, told, start, step } = this;
    const { x, w } = this.next;
    const entries = this.entries(row);
    const most = Math.max(...entries.map(({ p }) => p));
    const bands = make(this.flow, "g", { class: "flows told" });
    let from = this.upper(row);
    told.replaceChildren();
    entries.forEach(({ label, p, kind }, i) => {
      const y = start + (i + 1) * step;
      const height = p * this.strip;
      make(bands, "path", { d: ribbon(this.end + 3, from, x - 5, y - 5.5 - height / 2, height) });
      from += height;
      write(told, x, y - 11, fit(label, w - 38, `${kind === "strong" ? 600 : 400} 13px ${theme.font}`), kind);
      write(told, x + w, y - 11, percent(p), `chance end ${kind}`);
      rect(told, "track", x, y - 7, w, 3, { rx: 1.5 });
      rect(told, `bar ${kind}`, x, y - 7, (p / most) * w, 3, { rx: 1.5 });
    });
  }

  /** The most probable next tokens after this row's, and all others together. */
  entries(row) {
    const { labels, probs, rest } = this.data.next[row];
    const others = fill(this.words.others, { count: plain(this.data.sizes.vocab - labels.length) });
    const listed = labels.map((label, i) => ({ label, p: probs[i], kind: i ? "" : "strong" }));
    return rest === null ? listed : [...listed, { label: others, p: rest, kind: "rest" }];
  }

  // ---- words

  summary() {
    const text = (this.data.text || this.labels.map(({ text }) => text).join(" ")).slice(0, 300);
    return fill(this.words.summary, { ...this.place, text, told: this.tell(this.last) });
  }

  tell(row) {
    const { labels, probs } = this.data.next[row];
    const best = this.keys.reduce((a, b) => (this.weight(row, b) > this.weight(row, a) ? b : a));
    const look = { other: this.nameOf(best), share: percent(this.weight(row, best)) };
    return fill(this.words.told, {
      token: this.labels[row].label,
      ...look,
      next: labels[0],
      chance: percent(probs[0]),
    });
  }

  nameOf(key) {
    return key < 0 ? fill(this.words.hidden, { count: plain(this.data.hidden) }) : this.labels[key].label;
  }

  /** What a cell holds, and what that is: [value, about]. */
  read(row, id, cell) {
    const token = this.labels[row].label;
    if (id === "next") return this.readNext(row, cell);
    if (id === "weights") return this.readWeight(row, this.keys[cell]);
    const { d, values, layer } = this.columns.find((column) => column.id === id);
    const column = fill(this.words[layer ? "stream" : `${id}_long`], { layer });
    return [digits(values[row * d + cell]), fill(this.words.number, { token, column, i: cell + 1, count: d })];
  }

  readWeight(row, key) {
    const names = { token: this.labels[row].label, other: this.nameOf(key) };
    if (!this.seen(row, key)) return ["−∞", fill(this.words.masked, names)];
    const weight = this.weight(row, key);
    return [weight.toFixed(3), fill(this.words.looks, { ...names, share: percent(weight) })];
  }

  readNext(row, cell) {
    const { label, p, kind } = this.entries(row)[cell];
    const words = kind === "rest" ? this.words.together : this.words.comes_next;
    return [(100 * p).toFixed(2) + "%", fill(words, { next: label, token: this.labels[row].label })];
  }

  mark(box) {
    set(this.cursor, { visibility: box ? "visible" : "hidden" });
    if (!box) return;
    const grow = Math.max(1.5, (5 - Math.min(box.width, box.height)) / 2);
    const size = { width: box.width + 2 * grow, height: box.height + 2 * grow };
    set(this.cursor, { x: box.x - grow, y: box.y - grow, ...size });
  }

  /** Make the picture a file of its own: a margin round it, a size, and the font it is set in. */
  async standAlone() {
    const [width, height] = [this.width + 80, this.height + 70];
    set(this.svg, { viewBox: `-40 -36 ${width} ${height}`, width, height });
    make(this.defs, "style", {}, await fontFace(this.theme.font));
    return {
      width,
      height,
      blob: new Blob([new XMLSerializer().serializeToString(this.svg)], { type: "image/svg+xml" }),
    };
  }
}
