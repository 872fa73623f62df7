// The poster: one sentence on its way through a Transformer, drawn as a single SVG from the numbers of the trace.
// The page gives what pages.home.model.poster made, and words; it is told of a step to another layer or head, and what to open.

import { fill } from "../common.js";
import { keepFile, raster } from "../keep.js";
import { lookOf } from "./look.js";
import { Picture, set } from "./picture.js";

const posters = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!posters.has(parentElement)) posters.set(parentElement, new Poster(parentElement.querySelector(".poster")));
  posters.get(parentElement).update(data, setTriggerValue);
  return () => {
    posters.get(parentElement)?.resized.disconnect();
    posters.delete(parentElement);
  };
}

class Poster {
  constructor(root) {
    this.root = root;
    this.scroller = root.querySelector(".scroller");
    this.tip = root.querySelector(".tip");
    this.pinned = null; // the row that a click keeps
    this.pointed = null; // the row under the pointer or the keyboard's focus
    this.stop = null; // the cell that the arrow keys have reached: { id, cell }
    this.sent = null; // the step that the page has not yet answered
    for (const stepper of root.querySelectorAll("[data-step]")) {
      const [back, , on] = stepper.children;
      back.onclick = () => this.step(stepper.dataset.step, -1);
      on.onclick = () => this.step(stepper.dataset.step, 1);
    }
    for (const button of root.querySelectorAll("[data-save]")) button.onclick = () => this.save(button.dataset.save);
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

  update(data, send) {
    const same = this.data?.labels.join("\n") === data.labels.join("\n");
    if (!same) this.pinned = this.pointed = this.stop = null;
    this.data = data;
    this.send = send;
    const { layer, head } = data;
    if (this.sent === JSON.stringify({ layer, head })) this.sent = null;
    if (!this.sent) this.at = { layer, head };
    for (const element of this.root.querySelectorAll("[data-word]"))
      element.textContent = data.words[element.dataset.word];
    for (const element of this.root.querySelectorAll("[data-label]"))
      element.ariaLabel = data.words[element.dataset.label];
    this.draw();
  }

  /** Draw everything anew; what was pointed at, focused and scrolled to stays so. */
  draw() {
    if (!this.data) return;
    const { row, part } = this.scroller.querySelector(":focus")?.dataset ?? {};
    const focus = row ? `[data-row="${row}"]` : part ? `[data-part="${part}"]` : null;
    const theme = lookOf(this.root);
    this.root.dataset.theme = theme.colours.dark ? "dark" : "light";
    this.width = this.scroller.clientWidth;
    this.picture = new Picture(this.data, theme, this.width);
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
  }

  // ---- layer and head: the words change at once, the picture when its numbers have come

  step(name, by) {
    const to = this.at[name] + by;
    if (to < 0 || to >= this.data.sizes[`n_${name}s`]) return;
    this.at = { ...this.at, [name]: to };
    this.sent = JSON.stringify(this.at);
    this.label();
    this.send("step", this.at);
  }

  label() {
    for (const stepper of this.root.querySelectorAll("[data-step]")) {
      const name = stepper.dataset.step;
      const [now, count] = [this.at[name], this.data.sizes[`n_${name}s`]];
      const [back, shown, on] = stepper.children;
      shown.textContent = fill(this.data.words[name], { n: now + 1, count });
      set(back, { "aria-disabled": now === 0 });
      set(on, { "aria-disabled": now === count - 1 });
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
    const part = target.closest("[data-part]");
    const token = target.closest("[data-row]");
    if (part) this.open(part.dataset);
    else if (token) this.pin(Number(token.dataset.row));
  }

  /** A part that stands for other layers names the one where its lesson opens. */
  open({ part, layer = this.at.layer }) {
    this.send("open", { part, layer: Number(layer), head: this.at.head });
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
    const press = () => (part ? this.open(event.target.dataset) : this.pin(Number(row)));
    const actions = { Enter: press, " ": press };
    const moves = {
      ArrowDown: () => this.moveTo(Number(row) + 1),
      ArrowUp: () => this.moveTo(Number(row) - 1),
      ArrowRight: () => this.move(1, event.shiftKey),
      ArrowLeft: () => this.move(-1, event.shiftKey),
      Escape: () => this.reset(),
    };
    const action = actions[event.key] ?? (row && moves[event.key]);
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
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
    const [value, about] = picture.read(this.row, id, cell);
    const box = picture.boxOf(this.row, id, cell);
    const [strong, rest] = tip.children;
    strong.textContent = value;
    rest.textContent = about;
    tip.hidden = false;
    picture.mark(box);
    const x = (box.x + box.width / 2) * zoom - scroller.scrollLeft - tip.offsetWidth / 2;
    const y = (box.y + box.height) * zoom + 10;
    const fits = y + tip.offsetHeight < picture.height * zoom;
    tip.style.left = `${Math.min(Math.max(0, x), scroller.clientWidth - tip.offsetWidth)}px`;
    tip.style.top = `${fits ? y : box.y * zoom - tip.offsetHeight - 10}px`;
    if (aloud) this.root.querySelector(".spoken").textContent = `${value}. ${about}`;
  }

  hush() {
    this.tip.hidden = true;
    this.picture.mark(null);
  }

  /** On a narrow screen the tokens stay in sight while the rest scrolls; it fades out where there is more of it. */
  stick() {
    const shift = this.scroller.scrollLeft / this.zoom;
    set(this.picture.names, { transform: `translate(${shift} 0)` });
    set(this.picture.backing, { opacity: shift > 0 ? 0.9 : 0 });
    const { scrollLeft, clientWidth, scrollWidth } = this.scroller;
    this.scroller.classList.toggle("more", scrollLeft + clientWidth < scrollWidth - 1);
  }

  // ---- saving: the same picture with a title, as it stands, drawn for paper rather than for this window

  async save(kind) {
    const picture = new Picture(this.data, lookOf(this.root), 1180, true);
    picture.follow(this.pinned ?? picture.last, this.pinned !== null);
    const { blob, width, height } = await picture.standAlone();
    const { layer, head } = picture.place;
    keepFile(
      kind === "svg" ? blob : await raster(blob, width, height),
      `attention-lab-layer-${layer}-head-${head}.${kind}`,
    );
  }
}
