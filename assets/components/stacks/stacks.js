// An encoder and a decoder beside each other, part by part; attention can be opened.
// The page gives { sides: [{ name, parts: [{ id, label, note, shape, heard, role }] }], chosen, words }.
// It hears of "part".

import { el, palette } from "../common.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stacks");
  root.dataset.theme = palette(root).dark ? "dark" : "light";
  const focused = root.getRootNode().activeElement?.dataset?.part;
  root.querySelector(".sides").replaceChildren(...data.sides.map((side) => column(side, data, setTriggerValue)));
  if (focused) root.querySelector(`[data-part="${focused}"]`)?.focus({ preventScroll: true });
}

function column({ name, parts }, data, send) {
  const drawn = parts.flatMap((part) => [box(part, data, send), arrow(part, data.words)]);
  return el("section", { "aria-label": name }, el("h3", {}, name), ...drawn);
}

/** A button where there is something to open. */
function box(part, { chosen, words }, send) {
  const inner = [el("b", {}, part.label), el("small", {}, part.note)];
  if (part.heard) inner.push(el("small", { class: "heard" }, `⟵ ${words.heard} ${part.heard}`));
  if (!part.id) return el("div", { class: "box" }, ...inner);
  return el(
    "button",
    {
      class: "box",
      type: "button",
      "data-part": part.id,
      "data-role": part.role,
      "aria-pressed": part.id === chosen,
      onclick: () => send("part", part.id),
    },
    ...inner,
  );
}

function arrow({ shape, last }, words) {
  const text = last ? `⟶ ${words.hands}` : "↓";
  return el("p", { class: last ? "arrow last" : "arrow" }, el("span", { "aria-hidden": "true" }, text), ` ${shape}`);
}
