// What can be kept of a figure: a file that the person gets; pictures are twice as fine as the screen.

import { el } from "./common.js";

export const FINE = 2;
const ruler = new OffscreenCanvas(1, 1).getContext("2d");

export function widthOf(text, font) {
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** Text cut so that it fits, between characters as people count them: no emoji is split. */
export function fit(text, width, font) {
  if (widthOf(text, font) <= width) return text;
  const characters = [...new Intl.Segmenter().segment(text.slice(0, 500))].map((s) => s.segment);
  while (characters.length > 1 && widthOf(characters.join("") + "…", font) > width) characters.pop();
  return characters.join("") + "…";
}

/** "attention-lab-masking-scores.csv": the page and what of it. */
export function fileName(what, kind) {
  const page = location.pathname.split("/").filter(Boolean).at(-1) ?? "home";
  return `attention-lab-${page}-${what.replace(/[^\w-]+/g, "-")}.${kind}`;
}

/** A quiet button that saves something: it says the kind of file, and to those who listen or point what is in it. */
export const keeper = (kind, about, onclick) =>
  el("button", { type: "button", class: "keep", "aria-label": about, title: about, onclick }, kind);

/** Give the person a file. */
export function keepFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const png = (canvas) => new Promise((done) => canvas.toBlob(done, "image/png"));

/** An SVG as a PNG of twice its size. */
export async function raster(svg, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = FINE * width;
  canvas.height = FINE * height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return png(canvas);
}

/** The page's own font as a style sheet that needs no other file; "" for one that the page did not bring. */
export async function fontFace(fonts) {
  const bare = (name) => name.split(",")[0].replace(/["']/g, "").trim();
  const family = bare(fonts);
  for (const sheet of [...document.styleSheets].filter(({ href }) => !href || href.startsWith(location.origin))) {
    for (const { style } of [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule)) {
      const address = style.getPropertyValue("src").match(/url\("?([^")]+)"?\)/)?.[1];
      if (bare(style.getPropertyValue("font-family")) !== family || style.fontStyle === "italic" || !address) continue;
      const url = await dataUrl(new URL(address, sheet.href ?? document.baseURI));
      return `@font-face { font-family: "${family}"; font-weight: 100 900; src: url(${url}); }`;
    }
  }
  return "";
}

async function dataUrl(address) {
  const reader = new FileReader();
  reader.readAsDataURL(await (await fetch(address)).blob());
  await new Promise((done) => (reader.onload = done));
  return reader.result;
}
