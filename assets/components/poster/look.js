// The poster's colours and type, from the theme of the page.

import { themeOf } from "../common.js";

/** The house colours of queries, keys, values and the head's output: to fill with, and to write with. */
export const FILL = { q: "#0072B2", k: "#E69F00", v: "#009E73", output: "#CC79A7" };
const WRITE = {
  light: { q: "#0072B2", k: "#8F5F00", v: "#007A59", output: "#A3487A" },
  dark: { q: "#56B4E9", k: "#E69F00", v: "#2FC79A", output: "#CC79A7" },
};

/** The theme around `element`, with the colours to write in. */
export function lookOf(element) {
  const theme = themeOf(element);
  return { ...theme, write: WRITE[theme.colours.dark ? "dark" : "light"] };
}

/** The colour of a weight, 0 to 1, on the house's sequential scale: { colour, fill, ink }. */
export const weightColour = ({ colours }, weight) => colours.up[Math.round(255 * Math.min(1, weight))];

/** The colour of a number as a share of its column's extent, -1 to 1, on the house's diverging scale. The scale's
 * darkest end stays free, so that thousands of small cells look calm beside the weights. */
export function numberColour({ colours }, share) {
  return (share < 0 ? colours.down : colours.up)[Math.round(205 * Math.min(1, Math.abs(share)))];
}

/** The look travels inside the SVG, with the theme's colours written out, so that a saved picture stands by itself.
 * Small print is `larger` where the picture is shrunk to fit, so that it can still be read. */
export function stylesheet({ background, text, shade, primary, card, font, heading, write, larger }) {
  return `
    svg { font: 13px ${font}; fill: ${text}; }
    .title { font: 600 25px ${heading}; } .subtitle { font-size: 15px; fill: ${shade(0.66)}; }
    .part { font-weight: 600; } .caption { font-size: ${12 * Math.min(larger, 1.05)}px; }
    .note { font-size: ${11 * larger}px; fill: ${shade(0.68)}; }
    .legend { font-size: 11px; }
    .middle { text-anchor: middle; } .end { text-anchor: end; } .strong { font-weight: 600; }
    .q { fill: ${write.q}; } .k { fill: ${write.k}; } .v { fill: ${write.v}; } .output { fill: ${write.output}; }
    .background { fill: ${background}; } .card { fill: ${card}; } .ring { fill: none; pointer-events: all; }
    .band { fill: ${primary}; opacity: 0.08; }
    .rule, .sign { fill: none; stroke: ${shade(0.15)}; } .sign { stroke: ${shade(0.66)}; }
    .rule circle { fill: ${card}; } .rule.on { stroke: ${primary}; stroke-width: 1.5; }
    .ghost { fill: none; stroke: ${shade(0.5)}; stroke-dasharray: 2 3; }
    .strip { image-rendering: pixelated; clip-path: inset(0 round 2px); }
    .printed { font-size: 11px; text-anchor: middle; }
    .outline, .cursor { fill: none; stroke: ${primary}; stroke-width: 1.5; pointer-events: none; }
    .cursor { stroke: ${text}; }
    .token.on { fill: ${primary}; font-weight: 600; } .token.on .note { fill: ${primary}; }
    .keys { text-anchor: end; }
    .flow { pointer-events: none; }
    .mixed { fill: url(#mixed); opacity: 0.75; } .told { fill: url(#told); opacity: 0.4; }
    .share { font-size: ${10.5 * larger}px; paint-order: stroke; stroke: ${card}; stroke-width: 3px; }
    .chance { font-size: ${12 * Math.min(larger, 1.1)}px; } .rest { fill: ${shade(0.68)}; }
    .track { fill: ${shade(0.08)}; } .bar { fill: ${primary}; } .bar.rest { fill: ${shade(0.5)}; }
  `;
}
