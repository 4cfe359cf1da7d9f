import { createActivationMenu } from "./activationmenu.js";
import { createBoard } from "./board.js";
import { wantCatalogue } from "./catalogue.js";
import { element } from "./element.js";
import { freshId } from "./fields.js";
import { createGaze } from "./gaze.js";
import { createInspector } from "./inspector.js";
import { layerActions } from "./layeractions.js";
import { createNetworkBar } from "./networkbar.js";
import { NO_NETWORK, shownColumns, unitSymbol } from "./weights.js";
import { createWeightTip } from "./weighttip.js";

/**
 * The network: its board of units and links, the unit that one looks at, and which of two networks is shown.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./units.js").Spot} Spot
 */

const KEYS = "Arrow keys move between the units, Enter goes to the weights of a unit, Escape back to the output.";

/** What the main picture is to show, in real indices; the output is what it shows anyway. @param {Model} model @param {number} n @param {Spot | null} spot */
function focusOf(model, n, spot) {
  const real = shownColumns(model, n);
  if (!spot || spot.column >= real.length - 1) return null;
  return spot.column === 0 ? ["input", spot.place] : [n, spot.column - 1, real[spot.column][spot.place]];
}

/** @param {Model} model @param {number} n @param {import("./links.js").Link} link */
function linkName(model, n, { column, below, above }) {
  const to = unitSymbol(model, n, column, above);
  return below < 0 ? `bias of ${to}` : `${unitSymbol(model, n, column - 1, below)} → ${to}`;
}

/** @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createNetwork(context) {
  let model = /** @type {Model | null} */ (null), n = 0, focus = "null";
  let seen = /** @type {unknown} */ (null), seenNet = -1;

  const keys = element("p", { class: "unseen", id: freshId("network-keys") }, KEYS), none = element("p", { class: "network-none", hidden: true }, NO_NETWORK);
  const menu = createActivationMenu(context), bar = createNetworkBar((chosen) => { n = chosen; refresh(); });
  const actions = layerActions(context, () => model, (layer, button) => { if (model) menu.open(model, n, layer, button); });
  const board = createBoard(context, keys.id, actions), inspector = createInspector({ edit, close: () => gaze.keep(null), back: () => gaze.leave() });
  const gaze = createGaze(board.root, { units: board.units, look, enter: inspector.enter });
  const tip = createWeightTip(board.root, board.links, {
    name: (link) => (model ? linkName(model, n, link) : ""), edit: (link, value) => edit(link.to, link.below, value),
  });
  const scroll = element("div", { class: "network-scroll" }, board.root);
  const root = element("div", { class: "network" }, bar.root, keys, none, scroll, inspector.root, menu.root);

  /** @param {Spot} spot @param {number} below −1 for the bias @param {number} value */
  function edit({ column, place }, below, value) {
    if (!model) return;
    const real = shownColumns(model, n), from = below < 0 ? -1 : real[column - 1][below];
    context.send({ do: "weight", net: n, layer: column - 1, from, to: real[column][place], value });
  }

  function look() {
    if (!model) return;
    const next = focusOf(model, n, gaze.spot()), key = JSON.stringify(next);
    board.links.highlight(gaze.spot());
    inspector.update(model, n, gaze.chosen(), gaze.kept() !== null);
    if (key === focus) return;
    focus = key;
    context.setView({ focus: next });
  }

  function renewed() {
    board.root.append(tip.root);
    tip.forget();
    gaze.renew();
  }

  function refresh() {
    if (!model?.state) return;
    wantCatalogue(context, model);
    none.hidden = model.state.nets.length > 0;
    scroll.hidden = inspector.root.hidden = !none.hidden;
    if (!none.hidden) return;
    if (n >= model.state.nets.length) n = 0;
    bar.update(model, n);
    if (model.state !== seen || n !== seenNet) {
      [seen, seenNet] = [model.state, n];
      board.follow(model, n, renewed);
    }
    menu.update(model);
    root.classList.toggle("flowing", bar.flows());
    if (board.draw(model, n)) {
      tip.update();
      if (model.frame?.running && bar.flows()) board.links.flow();
    }
    if (gaze.chosen()) inspector.update(model, n, gaze.chosen(), gaze.kept() !== null);
  }

  return { root, update(now) { model = now; refresh(); } };
}
