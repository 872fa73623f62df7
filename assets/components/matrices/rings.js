// Rings over the tables: around the pointed cell, the rows and columns it came from, and its like in other matrices.

import { el } from "../common.js";
import { sources } from "./arithmetic.js";

/** Rings for the pointed (or chosen) place and the chosen one; measured before drawn, so that layout is done once. */
export function drawRings(view, place, pinned) {
  const wanted = [...(place ? around(view, place) : []), ...(pinned ? [[pinned, "pinned"]] : [])];
  const found = wanted.map(([part, kind]) => measure(view, part, kind)).filter(Boolean);
  view.root.querySelectorAll(".lit").forEach((name) => name.classList.remove("lit"));
  for (const plot of view.plots.values()) plot.used = 0;
  found.forEach(draw);
  for (const { rings, used } of view.plots.values())
    [...rings.children].slice(used).forEach((spare) => (spare.hidden = true));
}

/** A place is { panel, row, col }; where row or col is null, all of them are meant. */
function around(view, place) {
  const from = sources(view.panels, place);
  const known = new Set(from.map((part) => JSON.stringify(part)));
  const like = kin(view, place).filter((part) => !known.has(JSON.stringify(part)));
  return [...like.map((part) => [part, "kin"]), ...from.map((part) => [part, "from"]), [place, "here"]];
}

/** The same row, column or cell in every other matrix that has one of the cell's axes. */
function kin(view, place) {
  const { rows, cols } = view.panels[place.panel];
  const along = { [rows]: place.row, [cols]: place.col };
  return view.data.panels
    .filter((panel) => panel.id !== place.panel)
    .map((panel) => ({ panel: panel.id, row: along[panel.rows] ?? null, col: along[panel.cols] ?? null }))
    .filter(({ row, col }) => row !== null || col !== null);
}

function measure(view, { panel, row, col }, kind) {
  const plot = view.plots.get(panel);
  const first = plot?.cells[row ?? 0]?.[col ?? 0];
  const last = plot?.cells.at(row ?? -1)?.at(col ?? -1);
  if (!first || !last) return null;
  const [left, top] = [first.offsetLeft, first.offsetTop];
  const [right, bottom] = [last.offsetLeft + last.offsetWidth, last.offsetTop + last.offsetHeight];
  const style = `left:${left}px;top:${top}px;width:${right - left}px;height:${bottom - top}px`;
  return { plot, kind, style, names: [plot.rows[row ?? -1], plot.cols[col ?? -1]] };
}

function draw({ plot, kind, style, names }) {
  names.forEach((name) => name?.classList.add("lit"));
  if (plot.used === plot.rings.children.length) plot.rings.append(el("div"));
  const ring = plot.rings.children[plot.used++];
  ring.className = kind;
  ring.hidden = false;
  ring.style.cssText = style;
}
