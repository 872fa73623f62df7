// What our components share: elements, numbers, colours.

/** An element with properties, data attributes, listeners and children; text is always text, never markup. */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** "4 dog" in two parts; the word keeps its own writing direction. */
export function label(text) {
  const [, index, word] = /^(\d+ )?([^]*)$/.exec(text);
  return [...(index ? [el("span", { class: "index" }, index)] : []), el("bdi", {}, word)];
}

/** "W_Q" with its index set low. */
export function symbol(text) {
  return text.split(/_(\w+)/).map((part, i) => (i % 2 ? el("sub", {}, part) : part));
}

/** Words with {placeholders} filled in. */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const sign = (text) => text.replace("-", "−");

/** A number as it is printed in a cell; null is −∞. */
export function fixed(x, digits) {
  if (x === null) return "−∞";
  const text = Math.abs(x) < 1e7 ? x.toFixed(digits) : x.toExponential(digits);
  return sign(/[1-9]/.test(text) ? text : text.replace("-", ""));
}

/** The same, but a number too small for these digits shows two of its own: 0.0031. */
export function fine(x, digits) {
  const small = x && Math.abs(x) < 0.5 * 10 ** -digits;
  return small ? sign(Number(x.toPrecision(2)).toString()) : fixed(x, digits);
}

// From next to nothing to the scale's end; the page's own background stands for 0. After ColorBrewer's PuOr.
const RAMPS = {
  light: { up: ["#dcdcf0", "#b0a8d6", "#7e6db3", "#4f2a86"], down: ["#fde3c0", "#f6b76a", "#d9801f", "#8f4a08"] },
  dark: { up: ["#383270", "#6656b2", "#988ae0", "#d9d2ff"], down: ["#52320f", "#925a12", "#d68d2c", "#fcdcae"] },
};

/** Red, green and blue, 0 to 255, of any CSS colour. */
export function rgb(css) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  pen.fillStyle = css;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** Relative luminance, 0 to 1, as WCAG 2.2 defines it. */
export function luminance(colour) {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 256 colours with the text that reads better on each, black or white: at least 4.5 to 1. */
function ramp(stops) {
  return Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const colour = stops[low].map((c, k) => Math.round(c + (stops[low + 1][k] - c) * (at - low)));
    return { colour, fill: `rgb(${colour})`, ink: luminance(colour) > 0.179 ? "#000" : "#fff" };
  });
}

const palettes = new Map();

/** The colours of the theme around `root`: { dark, up, down }, the ramps as 256 entries { colour, fill, ink }. */
export function palette(root) {
  const page = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "white";
  if (!palettes.has(page)) {
    const background = rgb(page);
    const dark = luminance(background) < 0.2;
    const [up, down] = ["up", "down"].map((way) => [background, ...RAMPS[dark ? "dark" : "light"][way].map(rgb)]);
    palettes.set(page, { dark, up: ramp(up), down: ramp(down) });
  }
  return palettes.get(page);
}

/** Where a value lies on its scale: { fill, ink }. */
export function paint({ up, down }, scale, value) {
  return (value < 0 ? down : up)[Math.round(255 * Math.min(1, Math.abs(value) / scale.max))];
}

/** A scale as a CSS gradient, for legends. */
export function gradient({ up, down }, scale) {
  const both = scale.kind === "diverging" ? [...down].reverse().concat(up) : up;
  return `linear-gradient(to right, ${both.filter((_, i) => i % 17 === 0).map(({ fill }) => fill)})`;
}

/** The theme around `element`; `shade(t)` lies between its background (0) and its text (1). */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value && value !== "unset" ? value : otherwise;
  };
  const [background, text] = [read("background-color", "#ffffff"), read("text-color", "#222222")];
  const [from, to] = [rgb(background), rgb(text)];
  return {
    ...{ colours: palette(element), background, text },
    shade: (t) => `rgb(${from.map((value, i) => Math.round(value + (to[i] - value) * t))})`,
    primary: read("primary-color", "#0072B2"),
    card: read("secondary-background-color", "#f4f6f9"),
    border: read("border-color", "#d8dee6"),
    font: read("font", "sans-serif"),
    heading: read("heading-font", "sans-serif"),
  };
}
