import { createGlyph } from "./curves.js";
import { element, setText } from "./element.js";
import { icon } from "./icons.js";
import { mostLayers } from "./layeractions.js";
import { createUnit } from "./units.js";
import { MOST_INPUTS, outputName, shownColumns, unitSymbol, usedInputs } from "./weights.js";

/**
 * The columns of the network: the inputs with their toggles, the hidden layers with their controls, the outputs.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Input} Input
 * @typedef {import("./units.js").Unit} Unit
 * @typedef {{column: HTMLElement, units: (Unit | undefined)[], update: (model: Model) => void}} Column
 * @typedef {{toggleInput: (name: string, used: boolean) => boolean, resize: (layer: number, size: (units: number) => number) => void,
 *   addLayer: () => void, removeLayer: (layer: number) => void, page: (layer: number, first: number) => void, choose: (layer: number, button: HTMLElement) => void}} ColumnActions
 */

const INPUTS_AS_ROWS = 10;

/** @param {string} title @param {string} kind @param {Node[]} head @param {Node[]} body @returns {HTMLElement} */
function columnOf(title, kind, head, body) {
  return element("div", { class: `net-column ${kind}`, role: "group", "aria-label": title },
    element("div", { class: "net-head" }, ...head), element("div", { class: "net-units" }, ...body));
}

/** @param {number} count @param {string} what @returns {HTMLElement} */
function moreChip(count, what) {
  const words = `${count} more ${what} that the picture does not show`;
  return element("span", { class: "more-chip", title: words }, `+${count}`, element("span", { class: "unseen" }, ` ${words}`));
}

/** @param {Input} input @param {ColumnActions} actions @returns {HTMLElement} */
function inputToggle(input, actions) {
  const box = element("input", { type: "checkbox", "aria-label": `Use ${input.label}`, dataset: { key: `input-${input.name}` },
    onchange: () => { box.checked = actions.toggleInput(input.name, box.checked); } });
  box.checked = input.used;
  return element("label", { class: "input-toggle", title: input.label }, box, element("span", { class: "input-label" }, input.label));
}

/** @param {Model} model @param {number} n @param {ColumnActions} actions @returns {Column} */
export function inputColumn(model, n, actions) {
  const inputs = model.state?.scene.inputs ?? [], used = usedInputs(model);
  const inRows = inputs.length <= INPUTS_AS_ROWS ? inputs : used.slice(0, MOST_INPUTS);
  const units = used.slice(0, MOST_INPUTS).map((input, place) => createUnit({ column: 0, place }, `Input ${input.label}`, false));
  const left = (model.state?.nets[n]?.widths[0] ?? 0) - units.length;
  const rows = inRows.map((input) => element("div", { class: "input-row" }, inputToggle(input, actions),
    input.used ? units[used.indexOf(input)].root : element("span", { class: "unit-cell unused", "aria-hidden": "true" })));
  const rest = inputs.filter((input) => !inRows.includes(input));
  const chip = left > 0 ? [moreChip(left, "inputs")] : [];
  const body = rest.length ? [...rows, ...chip, element("details", { class: "input-rest" },
    element("summary", { dataset: { key: "inputs-rest" } }, `${rest.length} more inputs`), ...rest.map((input) => inputToggle(input, actions)))] : [...rows, ...chip];
  const title = element("span", { class: "net-title" }, "Inputs");
  return { column: columnOf("Inputs", "net-inputs", [title], body), units, update: () => {} };
}

/** Large layers grow in larger steps. @param {number} units @param {number} way @returns {number} */
function nextSize(units, way) {
  const past = way > 0 ? units : units - 1;
  return units + way * (past >= 64 ? 32 : past >= 16 ? 8 : 1);
}

/** @param {number} layer @param {number} units @param {number} most @param {ColumnActions} actions @returns {HTMLElement} */
function sizeStepper(layer, units, most, actions) {
  // From the size that is wanted by then, for the one that is shown may be older than the last click.
  const to = (/** @type {(units: number) => number} */ size) => actions.resize(layer, (now) => Math.min(Math.max(Math.round(size(now)), 1), most));
  const button = (/** @type {number} */ way, /** @type {string} */ sign) => element("button", {
    type: "button", class: "step-button", "aria-label": `${way < 0 ? "Fewer" : "More"} units in layer ${layer + 1}`,
    "aria-disabled": way < 0 ? units <= 1 : units >= most, dataset: { key: `size${way}-${layer}` },
    onclick: () => to((now) => nextSize(now, way)),
  }, element("span", { "aria-hidden": "true" }, sign));
  const field = element("input", {
    type: "number", class: "size-field", min: 1, max: most, value: units, "aria-label": `Units in layer ${layer + 1}`,
    dataset: { key: `size-${layer}` }, onchange: () => { if (field.valueAsNumber >= 1) to(() => field.valueAsNumber); else field.value = String(units); },
  });
  return element("span", { class: "stepper" }, button(-1, "−"), field, button(1, "+"));
}

/** Which units of a wide layer are drawn. @param {number} layer @param {number[]} shown @param {number} size @param {ColumnActions} actions @returns {HTMLElement} */
function unitPager(layer, shown, size, actions) {
  const first = shown[0], last = first + shown.length - 1, isEnd = (/** @type {number} */ way) => (way < 0 ? first === 0 : last === size - 1);
  const button = (/** @type {number} */ way) => element("button", {
    type: "button", class: "quiet page-units", "aria-label": `${way < 0 ? "Earlier" : "Further"} units of layer ${layer + 1}`,
    "aria-disabled": isEnd(way), dataset: { key: `page${way}-${layer}` },
    onclick: () => { if (!isEnd(way)) actions.page(layer, Math.min(Math.max(first + way * shown.length, 0), size - shown.length)); },
  }, icon(way < 0 ? "back" : "next"));
  const words = element("span", { class: "drawn-units" }, `${first + 1}–${last + 1}`, element("span", { class: "unseen" }, ` of layer ${layer + 1}'s ${size} units are drawn`));
  return element("span", { class: "unit-pager" }, button(-1), words, button(1));
}

/** @param {Context} context @param {number} n @param {number} layer @param {ColumnActions} actions */
function activationButton(context, n, layer, actions) {
  const glyph = createGlyph(context), name = element("span", { class: "activation-name" });
  const button = element("button", {
    type: "button", class: "activation-button", "aria-haspopup": "dialog", dataset: { key: `activation-${layer}` },
    onclick: () => actions.choose(layer, button),
  }, glyph.root, name);
  const update = (/** @type {Model} */ model) => {
    const used = model.state?.nets[n]?.activations[layer];
    if (!used || button.dataset.spec === used.spec) return;
    button.dataset.spec = used.spec;
    glyph.show(used.spec);
    setText(name, used.name || used.formula);
    button.title = used.formula;
    button.setAttribute("aria-label", `Activation of layer ${layer + 1}: ${used.name || used.formula}. Choose another`);
  };
  return { button, update };
}

/** @param {Context} context @param {Model} model @param {number} n @param {number} layer @param {ColumnActions} actions @returns {Column} */
export function hiddenColumn(context, model, n, layer, actions) {
  const net = model.state?.nets[n], shown = net?.shown[layer] ?? [], size = net?.widths[layer + 1] ?? 0;
  const most = Number(model.hello?.limits.units ?? 1024);
  const units = shown.map((real, place) => createUnit({ column: layer + 1, place }, `Layer ${layer + 1}, unit ${real + 1}`, true));
  const activation = activationButton(context, n, layer, actions);
  const remove = element("button", { type: "button", class: "remove-layer", "aria-label": `Remove layer ${layer + 1}`, title: "Remove this layer",
    dataset: { key: `remove-${layer}` }, onclick: () => actions.removeLayer(layer) }, icon("close"));
  const head = [element("span", { class: "net-title" }, `Layer ${layer + 1}`), remove, sizeStepper(layer, size, most, actions), activation.button];
  const body = /** @type {Node[]} */ (units.map((unit) => unit.root));
  if (size > shown.length) body.push(unitPager(layer, shown, size, actions));
  return { column: columnOf(`Hidden layer ${layer + 1}`, "hidden", head, body), units, update: activation.update };
}

/** @param {Model} model @param {number} n @param {ColumnActions} actions @returns {HTMLElement} */
export function layerAdder(model, n, actions) {
  const hidden = model.state?.nets[n]?.shown.length ?? 0, most = mostLayers(model);
  const button = element("button", { type: "button", class: "add-layer", "aria-disabled": hidden >= most, dataset: { key: "add-layer" },
    title: hidden >= most ? `${most} hidden layers are the most` : null, onclick: actions.addLayer },
  element("span", { "aria-hidden": "true", class: "plus" }, "+"), hidden ? "Add a layer" : "Add a hidden layer");
  return element("div", { class: "net-column adder" }, button);
}

/** @param {Model} model @param {number} n @returns {Column} */
export function outputColumn(model, n) {
  const columns = shownColumns(model, n), column = columns.length - 1;
  const units = columns[column].map((_, place) => {
    const symbol = unitSymbol(model, n, column, place);
    return createUnit({ column, place }, columns[column].length > 1 ? `Output ${symbol}` : "Output", true, columns[column].length > 1 ? symbol : null);
  });
  const title = element("span", { class: "net-title" }, units.length > 1 ? "Outputs" : "Output");
  const kind = element("span", { class: "output-kind" }, outputName(model));
  return { column: columnOf("Output", "net-outputs", [title, kind], units.map((unit) => unit.root)), units, update: () => {} };
}
