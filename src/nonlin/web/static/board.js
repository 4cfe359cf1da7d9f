import { hiddenColumn, inputColumn, layerAdder, outputColumn } from "./columns.js";
import { element } from "./element.js";
import { createLinks } from "./links.js";
import { paintMaps } from "./unitmaps.js";
import { showBias } from "./units.js";
import { allWeights, shownColumns, weightsStart } from "./weights.js";

/**
 * The board on which the network lies: its columns are built when the network's shape changes, and painted by every frame.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./units.js").Units} Units
 * @typedef {import("./columns.js").Column} Column
 * @typedef {ReturnType<typeof createBoard>} Board
 */

/** What the columns depend on. @param {Model} model @param {number} n @returns {string} */
function shapeOf(model, n) {
  const { scene, nets } = /** @type {import("./protocol.js").State} */ (model.state);
  return JSON.stringify([n, scene.inputs, shownColumns(model, n), nets[n].widths, scene.classes, scene.task]);
}

/** @param {Model} model @param {number} n @param {Units} units @param {ArrayLike<number>} weights */
function showBiases(model, n, units, weights) {
  const real = shownColumns(model, n);
  for (let column = 1; column < units.length; column++) {
    const start = weightsStart(real, column) + real[column - 1].length * real[column].length;
    units[column].forEach((unit, place) => { if (unit) showBias(unit, weights[start + place]); });
  }
}

/** @param {Context} context @param {string} describedBy @param {import("./columns.js").ColumnActions} actions */
export function createBoard(context, describedBy, actions) {
  const root = element("div", { class: "board", role: "group", "aria-label": "Units", "aria-describedby": describedBy });
  const links = createLinks(root);
  let columns = /** @type {Column[]} */ ([]), shape = "", frame = /** @type {unknown} */ (null);

  const units = () => columns.map((column) => column.units);

  /** The focus stays on its control; where that is gone, it goes to the one that is always there. @param {string} key */
  function refocus(key) {
    const same = root.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? root.querySelector(".add-layer");
    if (same instanceof HTMLElement) same.focus();
  }

  /** @param {Model} model @param {number} n */
  function build(model, n) {
    const real = shownColumns(model, n), hidden = real.slice(1, -1).map((_, layer) => hiddenColumn(context, model, n, layer, actions));
    columns = [inputColumn(model, n, actions), ...hidden, outputColumn(model, n)];
    const nodes = columns.map((column) => column.column);
    nodes.splice(-1, 0, layerAdder(model, n, actions));
    root.replaceChildren(links.root, ...nodes);
    links.connect(units(), real);
    links.place();
  }

  /** Builds the columns anew if the network has another shape. @param {Model} model @param {number} n @param {() => void} renewed */
  function follow(model, n, renewed) {
    const now = shapeOf(model, n);
    if (now !== shape) {
      const focused = root.querySelector("[data-key]:focus");
      shape = now;
      frame = null;
      build(model, n);
      if (focused instanceof HTMLElement) refocus(String(focused.dataset.key));
      renewed();
    }
    for (const column of columns) column.update(model);
  }

  /** @param {Model} model @param {number} n @returns {boolean} whether the weights are new */
  function draw(model, n) {
    paintMaps(context, model, n, units());
    const weights = model.frame === frame ? null : allWeights(model, n);
    frame = model.frame;
    if (!weights) return false;
    links.update(weights);
    showBiases(model, n, units(), weights);
    return true;
  }

  new ResizeObserver(() => links.place()).observe(root);
  return { root, links, units, follow, draw };
}
