/** What the colours and the marks of the map mean. */
import { element, rebuild, svgElement } from "./element.js";
import { cssColour, divergingTable, sequentialTable } from "./colours.js";
import { readable } from "./protocol.js";
import { markPath } from "./previews.js";

/** @param {number} k @param {string} [kind] "hollow" or "ringed", as held-out rows are @returns {SVGSVGElement} the mark of class k */
export function markIcon(k, kind = "") {
  return svgElement("svg", { class: `mark-icon ${kind}`, viewBox: "-8 -8 16 16", "aria-hidden": "true" },
    svgElement("path", { d: markPath(k, 5), class: `mark mark${k % 10}` }));
}

/** @param {Uint32Array} table @returns {HTMLElement} */
function ramp(table) {
  const bar = element("span", { class: "ramp", "aria-hidden": "true" });
  const stops = Array.from({ length: 9 }, (_, k) => cssColour(table[Math.round(k * 255 / 8)]));
  bar.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  return bar;
}

/** A name on one line, cut where there is no more room for it. @param {string} name */
const shortName = (name) => element("span", { class: "legend-name", title: name }, name);

/** @param {Uint32Array} table @param {(string | Node)[]} words at its two ends and between @param {string} [kind] */
const rampWith = (table, words, kind = "") => element("span", { class: `legend-ramp ${kind}` }, ramp(table),
  element("span", { class: "ends" }, ...words.map((word) => (word instanceof Node ? word : element("span", null, word)))));

/** @param {string} name @param {number} k */
const classMark = (name, k) => element("span", { class: "legend-class" }, markIcon(k), shortName(name));

/** @param {import("./protocol.js").Scene} scene @param {import("./colours.js").Palette} colours */
function twoClasses(scene, colours) {
  const [first, second] = scene.classes;
  return [classMark(first, 0), rampWith(divergingTable(colours), ["0", element("span", { class: "legend-share" }, "P(", shortName(second), ")"), "1"]), classMark(second, 1)];
}

/** @param {import("./protocol.js").Scene} scene @param {import("./colours.js").Palette} colours @param {boolean} unit */
function meanings(scene, colours, unit) {
  if (unit) return [rampWith(divergingTable(colours), ["negative", "0", "positive"], "wide")];
  const [low, high] = scene.values ?? [0, 1];
  if (scene.task === "regression") return [rampWith(sequentialTable(), [readable(low), shortName(scene.target), readable(high)], "wide")];
  return scene.classes.length === 2 ? twoClasses(scene, colours) : scene.classes.map(classMark);
}

/**
 * @param {HTMLElement} root @param {import("./protocol.js").Scene} scene
 * @param {import("./colours.js").Palette} colours @param {{held: boolean, unit: boolean}} shown unit = a unit's map, not the output
 */
export function showLegend(root, scene, colours, { held, unit }) {
  const key = JSON.stringify([scene.task, scene.classes, scene.target, scene.values, colours.neutral, held, unit, scene.held > 0]);
  rebuild(root, key, () => [
    ...meanings(scene, colours, unit),
    held && scene.held > 0 && element("span", { class: "legend-class held" }, markIcon(0, scene.task === "regression" ? "ringed" : "hollow"), "held out"),
  ]);
}
