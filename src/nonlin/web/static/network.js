import { createActivationMenu } from "./activationmenu.js";
import { wantCatalogue } from "./catalogue.js";
import { hiddenColumn, inputColumn, layerAdder, outputColumn } from "./columns.js";
import { element } from "./element.js";
import { createInspector } from "./inspector.js";
import { createLinks } from "./links.js";
import { createNetworkBar } from "./networkbar.js";
import { paintMaps } from "./unitmaps.js";
import { sameSpot, setTabStop, showBias, spotOf, unitTowards } from "./units.js";
import { allWeights, shownColumns, unitSymbol, usedInputs, weightsStart } from "./weights.js";
import { createWeightTip } from "./weighttip.js";

/**
 * The network: columns of units with their maps, links as wide as their weights, and the unit that one looks at.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./units.js").Spot} Spot
 * @typedef {import("./units.js").Units} Units
 * @typedef {import("./columns.js").Column} Column
 */

const FIRST_SIZE = 4;

/** @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createNetwork(context) {
  let model = /** @type {Model | null} */ (null);
  let columns = /** @type {Column[]} */ ([]), units = /** @type {Units} */ ([]);
  let n = 0, structure = "", frame = /** @type {any} */ (null), seen = /** @type {any} */ (null), seenNet = -1;
  let hovered = /** @type {Spot | null} */ (null), kept = /** @type {Spot | null} */ (null);
  let keptBefore = /** @type {Spot | null} */ (null);
  let focus = "null";

  const board = element("div", { class: "board" });
  const links = createLinks(board);
  const tip = createWeightTip(board, links, { name: nameOfLink, edit: (link, value) => sendWeight(link.to, link.below, value) });
  const inspector = createInspector({ edit: sendWeight, close: () => keep(null), back: focusKept });
  const menu = createActivationMenu(context);
  const bar = createNetworkBar((chosen) => { n = chosen; refresh(); });
  const hint = element("p", { class: "unseen", id: "nl-network-keys" },
    "Arrow keys move between the units, Enter goes to the weights of a unit, Escape back to the output.");
  const none = element("p", { class: "network-none", hidden: true }, "No network yet: it needs rows to train on, of two classes at least. Draw some points, or choose a data set.");
  const scroll = element("div", { class: "network-scroll" }, board);
  const root = element("div", { class: "network" }, bar.root, hint, none, scroll, inspector.root, menu.root);

  /** @param {import("./links.js").Link} link */
  function nameOfLink({ column, below, above }) {
    if (!model) return "";
    const to = unitSymbol(model, n, column, above);
    return below < 0 ? `bias of ${to}` : `${unitSymbol(model, n, column - 1, below)} → ${to}`;
  }

  /** @param {Spot} spot @param {number} below @param {number} value */
  function sendWeight({ column, place }, below, value) {
    if (!model) return;
    const real = shownColumns(model, n);
    context.send({ do: "weight", net: n, layer: column - 1, from: below < 0 ? -1 : real[column - 1][below], to: real[column][place], value });
  }

  /** @param {number[]} hidden @param {string[]} activations */
  function setLayers(hidden, activations) {
    context.send({ do: "set", values: { hidden, activations } });
  }

  const settings = () => model?.state?.settings ?? {};
  const sizes = () => /** @type {number[]} */ ([...settings().hidden ?? []]);
  const specs = () => sizes().map((_, k) => String(settings().activations?.[k] ?? model?.state?.nets[0]?.activations[k]?.spec ?? "relu"));

  /** The columns that are used. A table whose columns are all used says so by an empty list. @returns {string[]} */
  function inputNames() {
    const set = /** @type {string[]} */ (settings().inputs ?? []), scene = model?.state?.scene;
    return set.length || !scene ? set : [...scene.inputs.filter((input) => input.used).map((input) => input.name), ...scene.columns];
  }

  const actions = /** @type {import("./columns.js").ColumnActions} */ ({
    toggleInput(name, used) {
      const names = new Set(inputNames());
      if (used) names.add(name);
      else names.delete(name);
      context.send({ do: "set", values: { inputs: [...names] } });
    },
    resize: (layer, size) => setLayers(sizes().map((old, k) => (k === layer ? size : old)), specs()),
    addLayer: () => setLayers([...sizes(), sizes().at(-1) ?? FIRST_SIZE], [...specs(), specs().at(-1) ?? "relu"]),
    removeLayer: (layer) => setLayers(sizes().filter((_, k) => k !== layer), specs().filter((_, k) => k !== layer)),
    choose: (layer, button) => { if (model) menu.open(model, n, layer, button); },
  });

  /** @param {Spot | null} spot */
  function keep(spot) {
    kept = spot;
    for (const unit of units.flat()) unit?.button.setAttribute("aria-pressed", String(sameSpot(unit, spot)));
    look();
  }

  function focusKept() {
    const back = kept;
    keep(null);
    if (back) units[back.column]?.[back.place]?.button.focus({ preventScroll: false });
    keep(null);
  }

  /** What the main picture is to show, in real indices; the output is what it shows anyway. @param {Spot | null} spot */
  function focusOf(spot) {
    if (!spot || !model) return null;
    const real = shownColumns(model, n);
    if (spot.column === 0) return ["input", spot.place];
    return spot.column < real.length - 1 ? [n, spot.column - 1, real[spot.column][spot.place]] : null;
  }

  function look() {
    const spot = hovered ?? kept, next = focusOf(spot), key = JSON.stringify(next);
    links.highlight(spot);
    if (model) inspector.update(model, n, kept ?? hovered, kept !== null);
    if (key === focus) return;
    focus = key;
    context.setView({ focus: next });
  }

  /** The focus stays on its control; where that is gone, it goes to the one that is always there. @param {string} key */
  function refocus(key) {
    const same = board.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? board.querySelector(".add-layer");
    if (same instanceof HTMLElement) same.focus();
  }

  /** @param {Model} now */
  function rebuild(now) {
    const real = shownColumns(now, n), held = /** @type {HTMLElement | null} */ (board.querySelector("[data-key]:focus"))?.dataset.key;
    columns = [inputColumn(now, n, actions), ...real.slice(1, -1).map((_, layer) => hiddenColumn(context, now, n, layer, actions)), outputColumn(now, n)];
    units = columns.map((column) => column.units);
    const nodes = columns.map((column) => column.column);
    nodes.splice(-1, 0, layerAdder(now, n, actions));
    board.replaceChildren(links.root, ...nodes, tip.root);
    tip.forget();
    links.connect(units, real);
    links.place();
    hovered = null;
    if (kept && !units[kept.column]?.[kept.place]) kept = null;
    setTabStop(units, kept);
    if (held) refocus(held);
    keep(kept);
  }

  /** @param {Model} now */
  function draw(now) {
    paintMaps(context, now, n, units);
    const flat = now.frame === frame ? null : allWeights(now, n);
    frame = now.frame;
    if (!flat) return;
    links.update(flat);
    tip.update();
    const real = shownColumns(now, n);
    for (let column = 1; column < units.length; column++) {
      const biases = weightsStart(real, column) + real[column - 1].length * real[column].length;
      units[column].forEach((unit, place) => { if (unit) showBias(unit, flat[biases + place]); });
    }
    if (now.frame?.running && bar.flows()) links.flow();
  }

  /** After a new state: new columns where its shape is another, and what they say in any case. @param {Model} now */
  function restructure(now) {
    [seen, seenNet] = [now.state, n];
    const { scene, nets } = /** @type {import("./protocol.js").State} */ (now.state);
    const key = JSON.stringify([n, scene.inputs, shownColumns(now, n), nets[n].widths, scene.classes, scene.task]);
    if (key !== structure) {
      structure = key;
      frame = null;
      rebuild(now);
    }
    for (const column of columns) column.update(now);
  }

  function refresh() {
    if (!model?.state) return;
    wantCatalogue(context, model);
    none.hidden = model.state.nets.length > 0;
    scroll.hidden = inspector.root.hidden = !none.hidden;
    if (!none.hidden) return;
    if (n >= model.state.nets.length) n = 0;
    bar.update(model, n);
    if (model.state !== seen || n !== seenNet) restructure(model);
    menu.update(model);
    root.classList.toggle("flowing", bar.flows());
    draw(model);
    if (kept || hovered) inspector.update(model, n, kept ?? hovered, kept !== null);
  }

  board.addEventListener("pointerover", (event) => {
    const spot = event.pointerType === "touch" ? null : spotOf(event.target);
    if (sameSpot(spot, hovered)) return;
    hovered = spot;
    look();
  });
  board.addEventListener("pointerleave", () => { hovered = null; look(); });
  board.addEventListener("pointerdown", () => { keptBefore = kept; });
  board.addEventListener("focusin", (event) => {
    const spot = spotOf(event.target);
    if (!spot) return;
    setTabStop(units, spot);
    keep(spot);
  });
  board.addEventListener("click", (event) => {
    const spot = spotOf(event.target);
    if (spot) keep(event.detail > 0 && sameSpot(spot, keptBefore) ? null : spot);
  });
  board.addEventListener("keydown", (event) => {
    const spot = spotOf(event.target);
    if (!spot) return;
    if (event.key === "Escape") keep(null);
    else if (event.key === "Enter") inspector.enter();
    else {
      const next = unitTowards(units, spot, event.key);
      if (!next) return;
      next.button.focus();
    }
    event.preventDefault();
  });
  new ResizeObserver(() => links.place()).observe(board);

  return { root, update(now) { model = now; refresh(); } };
}
