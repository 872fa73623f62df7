// A text token by token: the learner's, those that the model wrote (a press goes back to before one), the next one.
// The page gives { tokens, words }; it hears of "to", the length to go back to.

import { el, palette } from "../common.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".written");
  root.dataset.theme = palette(root).dark ? "dark" : "light";
  const active = [...root.querySelectorAll("button")].indexOf(root.getRootNode().activeElement);
  const shown = data.tokens.map((token) => draw(token, data.words, () => setTriggerValue("to", token.length)));
  root.querySelector("p").replaceChildren(...shown.flatMap((element) => [element, " "])); // spaces: to be read as words
  const buttons = [...root.querySelectorAll("button")];
  if (active >= 0) buttons[Math.min(active, buttons.length - 1)]?.focus(); // who went back stays in the text
  root.querySelector(".unseen").textContent = data.words.last; // told to those who do not see it appear
}

function draw({ kind, name, title, prob }, words, goBack) {
  const word = el("bdi", {}, name);
  if (kind === "yours") return el("span", { title }, word);
  const both = [word, el("small", {}, prob)];
  if (kind === "next") return el("span", { class: "box next", title: `${words.next}: ${title}` }, ...both);
  const says = `${title}. ${words.back}`;
  return el("button", { class: "box", title: says, "aria-label": says, onclick: goBack }, ...both);
}
