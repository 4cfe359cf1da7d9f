/**
 * What the controls at the network's columns ask for: other inputs, other sizes, one layer more or less.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./columns.js").ColumnActions} ColumnActions
 */

const FIRST_SIZE = 4, FIRST_ACTIVATION = "relu";

/** @param {Model | null} model @returns {number} */
export function mostLayers(model) {
  return Number(model?.hello?.limits.layers ?? 6);
}

/** @param {Model | null} model @returns {number[]} */
function hiddenSizes(model) {
  return [...model?.wanted().hidden ?? []];
}

/** One spec per hidden layer. @param {Model | null} model @returns {string[]} */
function hiddenSpecs(model) {
  const given = model?.wanted().activations, used = model?.state?.nets[0]?.activations;
  return hiddenSizes(model).map((_, k) => String(given?.[k] ?? used?.[k]?.spec ?? FIRST_ACTIVATION));
}

/** The first unit of each hidden layer that is drawn. @param {Model | null} model @returns {number[]} */
function firstUnits(model) {
  const given = model?.wanted().first ?? [];
  return hiddenSizes(model).map((_, k) => given[k] ?? 0);
}

/** The columns that are used. A table whose columns are all used says so by an empty list. @param {Model | null} model @returns {string[]} */
function inputNames(model) {
  const given = /** @type {string[]} */ (model?.wanted().inputs ?? []), scene = model?.state?.scene;
  return given.length || !scene ? given : [...scene.inputs.filter((input) => input.used).map((input) => input.name), ...scene.columns];
}

/** @param {Context} context @param {() => Model | null} current @param {ColumnActions["choose"]} choose @returns {ColumnActions} */
export function layerActions(context, current, choose) {
  const set = (/** @type {Record<string, any>} */ values) => context.send({ do: "set", values });
  const setLayers = (/** @type {number[]} */ hidden, /** @type {string[]} */ activations) => set({ hidden, activations });
  return {
    choose,
    toggleInput(name, used) {
      const names = new Set(inputNames(current()));
      if (used) names.add(name);
      else names.delete(name);
      if (names.size) set({ inputs: [...names] });
      else context.toast("A network needs one input at least.");
      return names.has(name) || !names.size;
    },
    resize(layer, size) {
      setLayers(hiddenSizes(current()).map((old, k) => (k === layer ? size(old) : old)), hiddenSpecs(current()));
    },
    addLayer() {
      const sizes = hiddenSizes(current()), specs = hiddenSpecs(current());
      if (sizes.length >= mostLayers(current())) return;
      setLayers([...sizes, sizes.at(-1) ?? FIRST_SIZE], [...specs, specs.at(-1) ?? FIRST_ACTIVATION]);
    },
    removeLayer(layer) {
      const others = (/** @type {any[]} */ all) => all.filter((_, k) => k !== layer);
      set({ hidden: others(hiddenSizes(current())), activations: others(hiddenSpecs(current())), first: others(firstUnits(current())) });
    },
    page(layer, first) { set({ first: firstUnits(current()).map((old, k) => (k === layer ? first : old)) }); },
  };
}
