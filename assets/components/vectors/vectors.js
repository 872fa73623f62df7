// Arrows on a plane that the learner moves: by pointer, finger or arrow keys. Lengths and angles follow at once.
// The page gives { query, keys, axes, words }, vectors as { id, name, x, y }; it hears of "move": { id, x, y }.

import { el, fill, fixed, palette } from "../common.js";
import { keeper } from "../keep.js";
import { keepSvg } from "../still.js";

const SIZE = 440; // of the drawing, in its own units
const ROOM = 26; // around the plane, for names
const EXTENTS = [6, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];
const PAUSE = 120; // milliseconds between two messages of one drag
const PATIENCE = 3000; // until what the page says counts again
const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".vectors");
  let view = views.get(root);
  if (!view) views.set(root, (view = open(root, data.words)));
  view.send = (move) => setTriggerValue("move", move);
  view.data = data;
  root.dataset.theme = palette(root).dark ? "dark" : "light";
  adopt(view);
  if (!view.handles || view.handles.size !== data.keys.length + 1) build(view);
  draw(view);
}

function open(root, words) {
  const view = { root, find: (name) => root.querySelector(name), moved: new Map(), shadow: 0 };
  root.append(keeper("PNG", words.png, () => keepSvg(view.find("svg"), root, "vectors")));
  return view;
}

/** The page's vectors, but those that were moved here and that it has not heard of yet. */
function adopt(view) {
  const { query, keys } = view.data;
  view.at = new Map();
  for (const vector of [query, ...keys]) {
    const mine = view.moved.get(vector.id);
    const heard = !mine || (mine.x === vector.x && mine.y === vector.y) || Date.now() > mine.until;
    if (heard && view.held !== vector.id) view.moved.delete(vector.id);
    view.at.set(vector.id, { ...vector, ...(view.moved.get(vector.id) ?? {}) });
  }
  if (!view.held) {
    const most = Math.max(...[...view.at.values()].flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]));
    view.extent = EXTENTS.find((extent) => extent >= most) ?? EXTENTS.at(-1);
  }
}

const svg = (tag, properties, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const roleOf = (view, id) => (id === view.data.query.id ? "query" : "key");
const scale = (view) => (SIZE / 2 - ROOM) / view.extent;
const across = (view, x) => SIZE / 2 + x * scale(view);
const down = (view, y) => SIZE / 2 - y * scale(view);
const step = (view) => view.extent / (view.extent === 6 ? 60 : 50); // a tenth, while the plane is small
const length = ({ x, y }) => Math.hypot(x, y);
const turn = ({ x, y }) => Math.atan2(y, x);

/** Degrees between two vectors, 0 to 180; null with a zero vector. */
function between(a, b) {
  if (!length(a) || !length(b)) return null;
  return (Math.abs(Math.atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y)) * 180) / Math.PI;
}

/** A picture below, and above it one handle for each vector: handles stay, so that focus and a drag survive. */
function build(view) {
  view.picture = svg("g", {});
  view.handles = new Map();
  for (const id of view.at.keys()) view.handles.set(id, handle(view, id));
  const stage = view.find("svg");
  stage.setAttribute("viewBox", `0 0 ${SIZE} ${SIZE}`);
  stage.setAttribute("aria-label", view.data.words.picture);
  stage.replaceChildren(view.picture, ...view.handles.values());
  view.find(".hint").textContent = view.data.words.hint;
}

function handle(view, id) {
  const made = svg(
    "g",
    { class: "handle", role: "slider", tabindex: 0, "data-role": roleOf(view, id), "aria-valuemin": -180, "aria-valuemax": 180 },
    svg("circle", { class: "area", r: 22 }),
    svg("circle", { class: "ring", r: 11 }),
  );
  made.onpointerdown = (event) => {
    made.setPointerCapture(event.pointerId);
    made.focus({ preventScroll: true });
    view.held = id;
    made.classList.add("held");
    event.preventDefault();
  };
  made.onpointermove = (event) => view.held === id && place(view, id, ...point(view, event));
  made.onpointerup = made.onpointercancel = () => release(view, id, made);
  made.onpointerenter = made.onfocus = () => cast(view, id);
  made.onkeydown = (event) => press(view, id, event);
  return made;
}

/** Where the pointer is on the plane. */
function point(view, event) {
  const box = view.find("svg").getBoundingClientRect();
  const unit = scale(view) * (box.width / SIZE);
  return [(event.clientX - box.left - box.width / 2) / unit, -(event.clientY - box.top - box.height / 2) / unit];
}

/** To the nearest point of a fine grid, within the plane. */
function place(view, id, x, y, now = false) {
  const size = step(view);
  const snap = (value) =>
    Number((Math.round(Math.max(-view.extent, Math.min(view.extent, value)) / size) * size).toPrecision(9)) + 0;
  const to = { x: snap(x), y: snap(y), until: Date.now() + PATIENCE };
  const old = view.at.get(id);
  if (old.x === to.x && old.y === to.y) return;
  view.moved.set(id, to);
  view.at.set(id, { ...old, ...to });
  draw(view);
  tell(view, id, now);
}

/** The page hears of a drag every now and then, and always of where it ends. */
function tell(view, id, now) {
  const say = () => {
    clearTimeout(view.waiting);
    view.waiting = null;
    view.told = Date.now();
    const { x, y } = view.at.get(id);
    view.send({ id, x, y });
  };
  const rest = PAUSE - (Date.now() - (view.told ?? 0));
  if (now || rest <= 0) say();
  else view.waiting ??= setTimeout(say, rest);
}

function release(view, id, made) {
  if (view.held !== id) return;
  view.held = null;
  made.classList.remove("held");
  if (view.moved.has(id)) tell(view, id, true);
  adopt(view);
  draw(view);
}

function press(view, id, event) {
  const moves = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const [right, up] = moves[event.key].map((way) => way * step(view) * (event.shiftKey ? 10 : 1));
  const { x, y } = view.at.get(id);
  place(view, id, x + right, y + up);
}

/** The shadow of this key on the query's line is shown. */
function cast(view, id) {
  const index = view.data.keys.findIndex((key) => key.id === id);
  if (index < 0 || index === view.shadow) return;
  view.shadow = index;
  draw(view);
}

// ---- drawing --------------------------------------------------------------------------------------------------------

function draw(view) {
  const { query, keys } = view.data;
  const q = view.at.get(query.id);
  const placed = keys.map((key) => view.at.get(key.id));
  const parts = [...plane(view), ...shadow(view, q, placed[view.shadow] ?? placed[0])];
  placed.forEach((key, i) => parts.push(...arc(view, q, key, 34 + 20 * i)));
  for (const vector of [...placed, q]) parts.push(...arrow(view, vector));
  view.picture.replaceChildren(...parts);
  for (const [id, made] of view.handles) name(view, made, view.at.get(id));
  write(view, q, placed);
}

const roleGroup = (view, id, ...children) => svg("g", { "data-role": roleOf(view, id) }, ...children);

function* plane(view) {
  const unit = view.extent === 6 ? 1 : view.extent / 5;
  const [low, high] = [across(view, -view.extent), across(view, view.extent)];
  const count = Math.round(view.extent / unit);
  for (let i = -count; i <= count; i++) {
    const kind = i ? "grid" : "axis";
    const [x, y] = [across(view, i * unit), down(view, i * unit)];
    yield svg("line", { class: kind, x1: x, x2: x, y1: low, y2: high });
    yield svg("line", { class: kind, x1: low, x2: high, y1: y, y2: y });
    if (i % 2 || !i) continue;
    const text = (i * unit).toLocaleString("en").replace("-", "−");
    yield svg("text", { class: "tick", x, y: SIZE / 2 + 14, "text-anchor": "middle" }, text);
    yield svg("text", { class: "tick", x: SIZE / 2 - 5, y: y + 4, "text-anchor": "end" }, text);
  }
  const [first, second] = view.data.axes;
  yield svg("text", { class: "axis-name", x: high, y: SIZE / 2 - 7, "text-anchor": "end" }, first);
  yield svg("text", { class: "axis-name", x: SIZE / 2 + 7, y: low + 4 }, second);
}

/** The foot of the key on the query's line: how far the key goes the query's way. */
function foot(q, key) {
  const share = (q.x * key.x + q.y * key.y) / (q.x * q.x + q.y * q.y);
  return { x: share * q.x, y: share * q.y };
}

function* shadow(view, q, key) {
  if (!length(q) || !length(key)) return;
  const at = foot(q, key);
  const [x1, y1] = [across(view, at.x), down(view, at.y)];
  yield roleGroup(view, key.id, svg("line", { class: "shadow", x1: SIZE / 2, y1: SIZE / 2, x2: x1, y2: y1 }));
  yield svg("line", { class: "drop", x1, y1, x2: across(view, key.x), y2: down(view, key.y) });
}

/** From the query round to the key, the shorter way, and how many degrees that is. */
function* arc(view, q, key, radius) {
  const degrees = between(q, key);
  if (degrees === null) return;
  const way = ((turn(key) - turn(q) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  const at = (angle, r) => [SIZE / 2 + r * Math.cos(angle), SIZE / 2 - r * Math.sin(angle)];
  const [from, to, middle] = [at(turn(q), radius), at(turn(key), radius), at(turn(q) + way / 2, radius + 16)];
  const path = `M${from}A${radius} ${radius} 0 0 ${way < 0 ? 1 : 0} ${to}`;
  const text = { class: "degrees", x: middle[0], y: middle[1] + 4, "text-anchor": "middle" };
  yield roleGroup(view, key.id, svg("path", { class: "arc", d: path }), svg("text", text, `${fixed(degrees, 0)}°`));
}

function* arrow(view, vector) {
  const [x, y] = [across(view, vector.x), down(view, vector.y)];
  const size = length(vector) * scale(view);
  const title = svg("title", {}, said(view, vector));
  const about = { class: "name", x: inside(x), y: y + (vector.y < 0 ? 24 : -13), "text-anchor": "middle" };
  const long = svg("tspan", { class: "long", dx: 5 }, fixed(length(vector), 2));
  const text = svg("text", about, vector.name, long);
  if (size < 1) return yield roleGroup(view, vector.id, svg("circle", { class: "head", cx: x, cy: y, r: 6 }), title, text);
  const [right, up] = [(x - SIZE / 2) / size, (y - SIZE / 2) / size];
  const neck = Math.min(13, size);
  const [bx, by] = [x - neck * right, y - neck * up];
  const corners = `${x},${y} ${bx - 6 * up},${by + 6 * right} ${bx + 6 * up},${by - 6 * right}`;
  yield roleGroup(
    view,
    vector.id,
    svg("line", { class: "arrow", x1: SIZE / 2, y1: SIZE / 2, x2: bx, y2: by }),
    svg("polygon", { class: "head", points: corners }),
    title,
    text,
  );
}

/** A name's middle, so that it stays within the picture. */
const inside = (x) => Math.max(34, Math.min(SIZE - 34, x));

const short = (x) => String(Number(x.toPrecision(6))).replace("-", "−");

const said = (view, { name, x, y }) =>
  fill(view.data.words.vector, { name, x: short(x), y: short(y), length: fixed(Math.hypot(x, y), 2) });

function name(view, made, vector) {
  made.setAttribute("transform", `translate(${across(view, vector.x)} ${down(view, vector.y)})`);
  made.setAttribute("aria-label", vector.name);
  made.setAttribute("aria-valuenow", Math.round((turn(vector) * 180) / Math.PI));
  made.setAttribute("aria-valuetext", said(view, vector));
}

/** What is drawn, in words and numbers: a line for each vector. */
function write(view, q, keys) {
  const { words } = view.data;
  const line = (vector, more) =>
    el("p", { "data-role": roleOf(view, vector.id) }, el("b", {}, vector.name), said(view, vector).slice(vector.name.length), more);
  const angle = (key) => {
    const degrees = between(q, key);
    return degrees === null ? words.none : fill(words.angle, { name: q.name, degrees: fixed(degrees, 1) });
  };
  view.find(".told").replaceChildren(line(q, ""), ...keys.map((key) => line(key, angle(key))), multiply(view, q, keys));
}

/** The dot product read off the picture: the query's length times the key's shadow on it. */
function multiply(view, q, keys) {
  const key = keys[view.shadow] ?? keys[0];
  if (!length(q) || !length(key)) return el("p");
  const dot = q.x * key.x + q.y * key.y;
  const [long, shade, product] = [fixed(length(q), 3), fixed(dot / length(q), 3), fixed(dot, 2)];
  const plain = (text) => Number(text.replace("−", "-"));
  const sign = Math.abs(plain(long) * plain(shade) - dot) < 0.0051 ? "=" : "≈"; // of what is printed
  const values = { q: q.name, k: key.name, length: long, shadow: shade, factor: shade.replace(/^−.*/, "($&)"), sign, dot: product };
  return el("p", {}, fill(view.data.words.shadow, values));
}
