// An SVG of the page as it looks now, kept as a PNG: its styles written out, set in the page's own font.

import { themeOf } from "./common.js";
import { fileName, fontFace, keepFile, raster } from "./keep.js";

const EDGE = 24; // around the drawing
const LOOKS = `display visibility opacity fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray
  stroke-linecap stroke-linejoin paint-order vector-effect font-family font-size font-weight text-anchor
  dominant-baseline`.split(/\s+/);

export async function keepSvg(drawing, root, what) {
  const { background, font } = themeOf(root);
  const { width, height } = drawing.viewBox.baseVal;
  const still = drawing.cloneNode(true);
  const copies = [still, ...still.querySelectorAll("*")];
  [drawing, ...drawing.querySelectorAll("*")].forEach((source, i) => writeOut(getComputedStyle(source), copies[i]));
  const place = { x: EDGE, y: EDGE, width, height, overflow: "visible" };
  for (const [name, value] of Object.entries(place)) still.setAttribute(name, value);
  const [wide, high] = [width + 2 * EDGE, height + 2 * EDGE];
  const sheet = new DOMParser().parseFromString(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}"><style></style><rect/></svg>`,
    "image/svg+xml",
  ).documentElement;
  const [style, paper] = sheet.children;
  style.textContent = await fontFace(font);
  for (const [name, value] of Object.entries({ width: wide, height: high, fill: background }))
    paper.setAttribute(name, value);
  sheet.append(still);
  const file = new Blob([new XMLSerializer().serializeToString(sheet)], { type: "image/svg+xml" });
  keepFile(await raster(file, wide, high), fileName(what, "png"));
}

function writeOut(computed, copy) {
  copy.removeAttribute("class");
  copy.style.cssText = LOOKS.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(";");
}
