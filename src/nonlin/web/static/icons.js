/** The few line icons of the page, drawn on a 20 × 20 grid. */
import { svgElement } from "./element.js";

const STROKES = /** @type {Record<string, string>} */ ({
  reset: "M4.5 10a5.5 5.5 0 1 0 1.7-4M6 2.8v3.4h3.4",
  copy: "M7 7h8.5v9.5H7zM4.5 13V3.5H12",
  file: "M5 2.8h6.5L15 6.3v10.9H5zM11.2 2.8v3.8H15",
  down: "M10 3.5v9M6.2 9 10 12.8 13.8 9M4 16.5h12",
  up: "M10 13V3.8M6.2 7.4 10 3.6l3.8 3.8M4 16.5h12",
  shuffle: "M3 6h3.2c3.6 0 4.2 8 7.8 8H17M3 14h3.2c1.4 0 2.3-1.2 3-2.6M11 8.4c.8-1.4 1.7-2.4 3-2.4H17M14.8 3.7 17.2 6l-2.4 2.3M14.8 11.7 17.2 14l-2.4 2.3",
  erase: "M8 16.5 3.5 12 11.5 4l5 5-7.5 7.5zM7.5 8l5 5M8 16.5h8.5",
  pen: "M4 16l.8-3.2L13.5 4l2.5 2.5-8.8 8.7zM11.7 5.8l2.5 2.5",
  look: "M10 3v4M10 13v4M3 10h4M13 10h4",
  clear: "M4.5 6h11M8 6V3.8h4V6M6 6l.8 10.5h6.4L14 6",
  more: "M4 6.5h12M4 13.5h12M8 4.5v4M13 11.5v4",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4.5 6.5 10l5.5 5.5",
  next: "M8 4.5 13.5 10 8 15.5",
  tour: "M4 16V5.5l4-1.8 4 1.8 4-1.8V14l-4 1.8-4-1.8zM8 3.7V14M12 5.5v10.3",
  share: "M7.3 9.2l5.4-3M7.3 10.8l5.4 3M7.5 10a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0zM16.9 5.2a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0zM16.9 14.8a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z",
});

const SOLIDS = /** @type {Record<string, string>} */ ({
  play: "M6.5 3.6v12.8L17 10z",
  pause: "M5.5 4h3.2v12H5.5zM11.3 4h3.2v12h-3.2z",
  step: "M5 4v12l8-6zM14 4h2.5v12H14z",
});

/** @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const solid = SOLIDS[name];
  return svgElement("svg", { class: solid ? "icon filled" : "icon", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    svgElement("path", { d: solid ?? STROKES[name] ?? "" }));
}
