import { classTable, paintMap, sequentialTable } from "./colours.js";
import { shadesOf } from "./shades.js";
import { paintUnit } from "./units.js";
import { MOST_INPUTS, framePart, isClassification } from "./weights.js";

/**
 * The heat maps of the units: the inputs' from the scene, the hidden units' and the outputs' from the frame.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./units.js").Unit} Unit
 * @typedef {import("./units.js").Units} Units
 */

/** A stamp for each object that a map came from: the same stamp means the same map. */
const stampsOfSources = new WeakMap();
let stampCount = 0;

const numberTable = sequentialTable();

/** @param {object} source @param {number} theme @returns {string} */
function stampOf(source, theme) {
  if (!stampsOfSources.has(source)) stampsOfSources.set(source, ++stampCount);
  return `${stampsOfSources.get(source)}.${theme}`;
}

/** @param {Model} model @param {(Unit | undefined)[]} inputs @param {import("./shades.js").Shades} shades */
function paintInputs(model, inputs, shades) {
  const maps = model.scene?.arrays?.get("inputs"), all = model.state?.scene.inputs ?? [];
  if (!maps) return;
  const [count, size] = maps.shape, used = all.flatMap((input, k) => (input.used ? [k] : []));
  if (count !== Math.min(used.length, MOST_INPUTS) && count !== all.length) return;
  inputs.forEach((unit, place) => {
    const k = count === all.length ? used[place] : place;
    if (unit) paintUnit(unit, maps.subarray(k * size * size, (k + 1) * size * size), size, shades.diverging, stampOf(maps, shades.version));
  });
}

/** @param {Model} model @param {number} n @param {Units} units @param {import("./shades.js").Shades} shades */
function paintHidden(model, n, units, shades) {
  const maps = framePart(model, `units${n}`), shown = units.slice(1, -1).flat();
  if (!maps || maps.shape[0] !== shown.length) return;
  const size = maps.shape[1], stamp = stampOf(maps, shades.version);
  shown.forEach((unit, k) => {
    if (unit) paintUnit(unit, maps.subarray(k * size * size, (k + 1) * size * size), size, shades.diverging, stamp);
  });
}

/** Where this class wins, by its share there. @param {Unit} unit @param {Uint8Array} surface @param {number} size @param {number} k @param {Uint32Array} table */
function paintClass(unit, surface, size, k, table) {
  const cells = size * size, values = new Uint8Array(cells);
  for (let i = 0; i < cells; i++) if (surface[i] === k) values[i] = surface[cells + i];
  paintMap(unit.canvas, values, size, table);
}

/** @param {Model} model @param {number} n @param {Units} units @param {import("./shades.js").Shades} shades */
function paintOutputs(model, n, units, shades) {
  const surface = framePart(model, `surface${n}`), outputs = units.at(-1) ?? [];
  if (!surface) return;
  const size = surface.shape.at(-1) ?? 0, stamp = stampOf(surface, shades.version), several = surface.shape.length === 3;
  if (several !== outputs.length > 1 && isClassification(model)) return;
  const table = isClassification(model) ? shades.diverging : numberTable;
  outputs.forEach((unit, k) => {
    if (!unit || unit.painted === stamp) return;
    if (!several) return paintUnit(unit, surface, size, table, stamp);
    unit.painted = stamp;
    paintClass(unit, /** @type {Uint8Array} */ (/** @type {unknown} */ (surface)), size, k, classTable(shades.colours, k));
  });
}

/** @param {Context} context @param {Model} model @param {number} n @param {Units} units */
export function paintMaps(context, model, n, units) {
  const shades = shadesOf(context.host);
  paintInputs(model, units[0], shades);
  paintHidden(model, n, units, shades);
  paintOutputs(model, n, units, shades);
}
