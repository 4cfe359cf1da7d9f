/**
 * What the network is at this moment: its columns of shown units, and its weights as the last frame brought them.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Net} Net
 * @typedef {import("./protocol.js").NetFrame} NetFrame
 * @typedef {import("./protocol.js").Input} Input
 * @typedef {import("./protocol.js").Shaped} Shaped
 * @typedef {{units: number, dead: number, saturated: number, z: number[], slope: number[]}} LayerFrame
 */

/** Inputs beyond these are not drawn, and a frame does not bring their weights. */
export const MOST_INPUTS = 12;

/** What stands in place of a network while there is none. */
export const NO_NETWORK = "No network yet: it needs rows to train on, of two classes at least. Draw some points, or choose a data set.";

const DIGITS = "₀₁₂₃₄₅₆₇₈₉";

/** @param {Model} model @param {number} n @returns {Net | null} */
export function netState(model, n) {
  return model.state?.nets?.[n] ?? null;
}

/** @param {Model} model @param {number} n @returns {NetFrame | null} */
export function netFrame(model, n) {
  return model.frame?.nets?.[n] ?? null;
}

/** A part of the last frame, or null. @param {Model} model @param {string} name @returns {Shaped | null} */
export function framePart(model, name) {
  return model.frame?.arrays.get(name) ?? null;
}

/** @param {Model} model @returns {Input[]} */
export function usedInputs(model) {
  return (model.state?.scene.inputs ?? []).filter((input) => input.used);
}

/** Real indices of the shown units, column by column: inputs, hidden layers, outputs. @param {Model} model @param {number} n @returns {number[][]} */
export function shownColumns(model, n) {
  const net = netState(model, n);
  if (!net) return [];
  return [[...usedInputs(model).keys()].slice(0, MOST_INPUTS), ...net.shown, [...Array(net.outputs).keys()]];
}

/** How many numbers a frame holds for these columns. @param {number[][]} columns */
function weightCount(columns) {
  return columns.slice(1).reduce((sum, above, k) => sum + (columns[k].length + 1) * above.length, 0);
}

/** All weights in the order of `weights{n}`; null where the frame is of another shape of the network. @param {Model} model @param {number} n @returns {ArrayLike<number> | null} */
export function allWeights(model, n) {
  const flat = framePart(model, `weights${n}`);
  return flat && flat.length === weightCount(shownColumns(model, n)) ? flat : null;
}

/** Where the weights into a column begin in `weights{n}`; its biases follow them. @param {number[][]} columns @param {number} column from 1 */
export function weightsStart(columns, column) {
  return weightCount(columns.slice(0, column));
}

/** @param {number} index counted from 0 @returns {string} the index as people count, as a subscript */
export function subscript(index) {
  return String(index + 1).replace(/\d/g, (digit) => DIGITS[Number(digit)]);
}

/** @param {number} share @returns {string} "4 %" */
export function percentage(share) {
  if (!Number.isFinite(share)) return "–";
  const value = 100 * share;
  return `${value > 0 && value < 1 ? "under 1" : Math.round(value)} %`;
}

/** @param {Model} model @returns {boolean} */
export function isClassification(model) {
  return model.state?.scene?.task !== "regression";
}

/** How the output turns z into a prediction. @param {Model} model @returns {string} */
export function outputName(model) {
  if (!isClassification(model)) return "identity";
  return (model.state?.scene?.classes?.length ?? 2) > 2 ? "softmax" : "sigmoid";
}

/** The name of the unit at a shown place of a column. @param {Model} model @param {number} n @param {number} column @param {number} place */
export function unitSymbol(model, n, column, place) {
  const columns = shownColumns(model, n);
  if (column === 0) return usedInputs(model)[place]?.label ?? "";
  if (column < columns.length - 1) return `h${subscript(columns[column][place])}`;
  const classes = model.state?.scene?.classes ?? [];
  return isClassification(model) && classes.length > 2 ? String(classes[place]) : "output";
}
