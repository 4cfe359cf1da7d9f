import { element, setText, svgElement } from "./element.js";
import { icon } from "./icons.js";
import { readable } from "./protocol.js";
import { allWeights, outputName, shownColumns, subscript, unitSymbol, weightsStart } from "./weights.js";

/**
 * What one unit computes: its formula with the numbers of this moment, and each of them as a field.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./units.js").Spot} Spot
 * @typedef {{spot: Spot, below: number, at: number, symbol: string, field: HTMLInputElement, text: string}} WeightField `text` is its number as it was written last
 * @typedef {{edit: (spot: Spot, below: number, value: number) => void, close: () => void, back: () => void}} InspectorActions
 */

const LONGEST_SUM = 100; // characters
const PACE_OF_NUMBERS = 120; // milliseconds: numbers that change faster cannot be read

/** @param {number} value @param {boolean} first @returns {string} */
function signed(value, first) {
  const text = readable(Math.abs(value));
  if (first) return value < 0 ? `−${text}` : text;
  return value < 0 ? ` − ${text}` : ` + ${text}`;
}

/** "0.12 + 1.30 x₁ − 0.42 x₂": as many terms as can be read at once. @param {number[]} values bias first @param {string[]} symbols @param {number} count of all that enter the sum */
function sumOf(values, symbols, count) {
  let text = signed(values[0], true), terms = 0;
  while (terms + 1 < values.length && (text.length < LONGEST_SUM || terms < 2)) text += `${signed(values[++terms], false)} ${symbols[terms]}`;
  const rest = count - terms;
  return rest > 0 ? `${text} + … (${rest} more)` : text;
}

/** @param {Model} model @param {number} n @param {Spot} spot @returns {string} what becomes of z */
function afterwards(model, n, { column, place }) {
  const net = model.state?.nets[n], symbol = unitSymbol(model, n, column, place);
  const used = net?.activations[column - 1];
  if (used) return `${symbol} = φ(z) = ${used.formula}`;
  const kind = outputName(model);
  return kind === "identity" ? "prediction = z" : kind === "softmax" ? `P(${symbol}) = softmax of all z` : "P = sigmoid(z) = 1 / (1 + exp(−z))";
}

/** @param {Model} model @param {number} n @param {Spot} spot @returns {string} */
function titleOf(model, n, { column, place }) {
  const columns = shownColumns(model, n);
  if (column === 0) return `Input ${unitSymbol(model, n, 0, place)}`;
  if (column === columns.length - 1) return columns[column].length > 1 ? `Output ${unitSymbol(model, n, column, place)}` : "Output";
  return `Unit ${columns[column][place] + 1} of layer ${column}`;
}

/** @param {Model} model @param {number} n @param {Spot} spot @param {InspectorActions} actions @returns {WeightField[]} */
function weightFields(model, n, spot, actions) {
  const columns = shownColumns(model, n), height = columns[spot.column - 1].length, width = columns[spot.column].length;
  const start = weightsStart(columns, spot.column);
  return [-1, ...columns[spot.column - 1].keys()].map((below) => {
    const symbol = below < 0 ? "bias" : unitSymbol(model, n, spot.column - 1, below);
    const field = element("input", { type: "number", step: "0.1", class: "weight-field", "aria-label": below < 0 ? "Bias b" : `Weight of ${symbol}`,
      dataset: { key: `weight-${spot.column}-${spot.place}-${below}` },
      onchange: () => { if (Number.isFinite(field.valueAsNumber)) actions.edit(spot, below, field.valueAsNumber); else field.value = entry.text; } });
    const entry = { spot, below, at: start + (below < 0 ? height : below) * width + spot.place, symbol, field, text: "" };
    return entry;
  });
}

/** @param {WeightField[]} fields @param {string} caption @returns {HTMLElement} */
function weightTable(fields, caption) {
  return element("div", { class: "weight-scroll" }, element("table", { class: "weight-table" },
    element("caption", { class: "unseen" }, caption),
    element("thead", null, element("tr", null, element("th", { scope: "col" }, element("span", { class: "unseen" }, "from")),
      ...fields.map(({ symbol }) => element("th", { scope: "col", title: symbol }, element("span", { class: "weight-symbol" }, symbol))))),
    element("tbody", null, element("tr", null, element("th", { scope: "row" }, element("span", { class: "unseen" }, "weight")),
      ...fields.map(({ field }) => element("td", null, field))))));
}

/** What the marks of the picture mean, while no unit is chosen. @returns {HTMLElement} */
function linkKey() {
  const sample = (/** @type {string} */ kind, /** @type {number} */ width) => svgElement("svg", { class: "key-sample", viewBox: "0 0 40 12", "aria-hidden": "true" },
    svgElement("path", { class: kind, d: "M1 6H39", "stroke-width": width }));
  const bias = (/** @type {string} */ kind) => element("span", { class: `key-bias ${kind}`, "aria-hidden": "true" });
  const entry = (/** @type {Node[]} */ marks, /** @type {string} */ words) => element("li", null, ...marks, words);
  return element("ul", { class: "link-key" }, entry([sample("link", 4)], "positive weight"), entry([sample("link negative", 4)], "negative weight"),
    entry([sample("link weak", 1)], "weak"), entry([bias(""), bias("negative")], "bias, positive or negative"));
}

/** @param {InspectorActions} actions */
export function createInspector(actions) {
  const title = element("h3", { class: "inspector-title" }), close = element("button", {
    type: "button", class: "inspector-close", "aria-label": "Back to the output of the network", title: "Back to the output", onclick: actions.close }, icon("close"));
  const sum = element("span", { class: "formula-sum" }), after = element("span", { class: "formula-after" });
  const formula = element("p", { class: "inspector-formula" }, sum, after), table = element("div", { class: "inspector-weights" });
  const hint = element("p", { class: "inspector-hint" });
  const root = element("div", { class: "inspector", role: "group", "aria-label": "The chosen unit",
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") { event.stopPropagation(); actions.back(); } } },
  element("div", { class: "inspector-head" }, title, hint), close, formula, table);
  let fields = /** @type {WeightField[]} */ ([]);
  let written = 0, entering = 0, refusal = /** @type {Model["refusal"]} */ (null);

  /** @param {Model} model @param {number} n @param {Spot} spot */
  function build(model, n, spot) {
    const below = spot.column > 0 ? shownColumns(model, n)[spot.column - 1].length : 0;
    entering = spot.column > 0 ? model.state?.nets[n]?.widths[spot.column - 1] ?? below : 0;
    const left = entering - below;
    fields = spot.column > 0 ? weightFields(model, n, spot, actions) : [];
    table.replaceChildren(...fields.length ? [weightTable(fields, `Bias and weights into ${titleOf(model, n, spot)}`)] : []);
    setText(after, spot.column > 0 ? afterwards(model, n, spot) : "");
    setText(hint, spot.column === 0 ? "An input of the network, over the plane of the large picture."
      : left > 0 ? `The ${below} ${spot.column > 1 ? `units of layer ${spot.column - 1}` : "inputs"} that the picture shows; ${left} more also enter the sum.`
        : spot.column > 1 ? `h${subscript(0)}, h${subscript(1)} … are the outputs of layer ${spot.column - 1}.` : "");
    hint.hidden = !hint.textContent;
  }

  /** @param {Model} model @param {number} n @param {boolean} force */
  function write(model, n, force) {
    const flat = allWeights(model, n), now = performance.now();
    if (!flat || !fields.length || (!force && model.frame?.running && now - written < PACE_OF_NUMBERS)) return;
    written = now;
    const values = fields.map(({ at }) => flat[at]);
    setText(sum, `z = ${sumOf(values, fields.map(({ symbol }) => symbol), entering)}`);
    fields.forEach((entry, k) => {
      const { field } = entry, text = entry.text = Number.isFinite(values[k]) ? values[k].toFixed(3) : "";
      if ((force || !field.matches(":focus")) && field.value !== text) field.value = text;
    });
  }

  /** Shows the unit, or how to choose one. @param {Model} model @param {number} n @param {Spot | null} spot @param {boolean} kept */
  function update(model, n, spot, kept) {
    const key = spot ? JSON.stringify([n, spot, shownColumns(model, n), model.state?.nets[n]?.activations, titleOf(model, n, spot)]) : "";
    const isNew = root.dataset.key !== key;
    root.dataset.key = key;
    close.hidden = !kept;
    if (isNew) {
      root.classList.toggle("empty", !spot);
      formula.hidden = !spot || spot.column === 0;
      setText(title, spot ? titleOf(model, n, spot) : "What does a unit compute?");
      if (spot) build(model, n, spot);
      else {
        fields = [];
        hint.hidden = false;
        table.replaceChildren(linkKey());
        setText(hint, "Point at a unit to see its map in the large picture; choose it to see and change its weights. Point at a link to read its weight; press it to change it.");
      }
    }
    if (spot) write(model, n, isNew || (model.refusal !== null && model.refusal !== refusal));
    refusal = model.refusal;
  }

  const enter = () => { fields[0]?.field.focus(); fields[0]?.field.select(); };
  return { root, update, enter };
}
