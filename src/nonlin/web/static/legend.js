/** What the colours and the marks of the map mean. */
import { element, rebuild, svgElement } from "./element.js";
import { cssColour, divergingTable, sequentialTable } from "./colours.js";
import { readable } from "./protocol.js";
import { markPath } from "./previews.js";

/** @param {number} k @param {boolean} [hollow] @returns {SVGSVGElement} the mark of class k */
export function markIcon(k, hollow = false) {
  return svgElement("svg", { class: hollow ? "mark-icon hollow" : "mark-icon", viewBox: "-8 -8 16 16", "aria-hidden": "true" },
    svgElement("path", { d: markPath(k, 5), class: `mark mark${k % 10}` }));
}

/** @param {Uint32Array} table @returns {HTMLElement} */
function ramp(table) {
  const bar = element("span", { class: "ramp", "aria-hidden": "true" });
  const stops = Array.from({ length: 9 }, (_, k) => cssColour(table[Math.round(k * 255 / 8)]));
  bar.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  return bar;
}

/** @param {import("./protocol.js").Scene} scene @param {import("./colours.js").Palette} colours */
function twoClasses(scene, colours) {
  const [first, second] = scene.classes;
  return [
    element("span", { class: "legend-class" }, markIcon(0), first),
    element("span", { class: "legend-ramp" }, ramp(divergingTable(colours)),
      element("span", { class: "ends" }, element("span", null, "0"), element("span", null, `P(${second})`), element("span", null, "1"))),
    element("span", { class: "legend-class" }, markIcon(1), second),
  ];
}

/** @param {import("./protocol.js").Scene} scene */
function numbers(scene) {
  const [low, high] = scene.values ?? [0, 1];
  return [element("span", { class: "legend-ramp wide" }, ramp(sequentialTable()),
    element("span", { class: "ends" }, element("span", null, readable(low)), element("span", null, scene.target), element("span", null, readable(high))))];
}

/**
 * @param {HTMLElement} root @param {import("./protocol.js").Scene} scene
 * @param {import("./colours.js").Palette} colours @param {boolean} held
 */
export function showLegend(root, scene, colours, held) {
  const key = JSON.stringify([scene.task, scene.classes, scene.target, scene.values, colours.neutral, held, scene.held > 0]);
  rebuild(root, key, () => [
    ...scene.task === "regression" ? numbers(scene)
      : scene.classes.length === 2 ? twoClasses(scene, colours)
      : scene.classes.map((name, k) => element("span", { class: "legend-class" }, markIcon(k), name)),
    held && scene.held > 0 && element("span", { class: "legend-class held" }, markIcon(0, true), "held out"),
  ]);
}
