import { createCatalogue } from "./catalogue.js";
import { readSpec } from "./curves.js";
import { element, setText } from "./element.js";
import { freshId } from "./fields.js";

/**
 * The catalogue as a small window beside a layer's button; the browser puts it above everything and closes it on Escape.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 */

/** The event by which the network asks the editor to turn to a layer. */
export const EDIT_LAYER = "nonlin-edit-layer";

const MENU_MARGIN = 8, MENU_HIGH = 480;
const TURN = 60; // milliseconds in which the page turns to the panel

/** The values that put an activation into a layer, into all (null), or into the rival. @param {Model} model @param {number} n @param {number | null} layer @param {string} spec @returns {Record<string, any>} */
export function activationValues(model, n, layer, spec) {
  if (n > 0) return { rival: spec };
  const { hidden = [], activations = [] } = model.wanted(), used = model.state?.nets[0]?.activations ?? [];
  const specs = hidden.map((/** @type {number} */ _, /** @type {number} */ k) => String(activations[k] ?? used[k]?.spec ?? spec));
  return { activations: specs.map((/** @type {string} */ old, /** @type {number} */ k) => (layer === null || layer === k ? spec : old)) };
}

/** Below the button, or above it where there is more room; its own height it gets only when the catalogue has come. @param {HTMLElement} panel @param {HTMLElement} button */
function placeMenu(panel, button) {
  const at = button.getBoundingClientRect(), below = innerHeight - at.bottom - 2 * MENU_MARGIN, above = at.top - 2 * MENU_MARGIN;
  const isBelow = below >= Math.min(above, MENU_HIGH), room = isBelow ? below : above;
  const left = Math.min(Math.max(at.left, MENU_MARGIN), Math.max(innerWidth - panel.offsetWidth - MENU_MARGIN, MENU_MARGIN));
  panel.style.left = `${left}px`;
  panel.style.top = isBelow ? `${at.bottom + MENU_MARGIN}px` : "auto";
  panel.style.bottom = isBelow ? "auto" : `${innerHeight - at.top + MENU_MARGIN}px`;
  panel.style.maxHeight = `${room}px`;
}

/** The editor may stand below the edge of the window. @param {HTMLElement} host */
function goToEditor(host) {
  const editor = host.querySelector(".activation-editor"), calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  editor?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  /** @type {HTMLElement | null | undefined} */ (editor?.querySelector(".formula-input"))?.focus({ preventScroll: true });
}

/** @param {Context} context */
export function createActivationMenu(context) {
  const titleId = freshId("activation-menu"), title = element("h3", { id: titleId });
  let model = /** @type {Model | null} */ (null), n = 0, layer = 0, opener = /** @type {HTMLElement | null} */ (null);
  const catalogue = createCatalogue(context, (spec) => {
    if (model) context.send({ do: "set", values: activationValues(model, n, layer, spec) });
    root.hidePopover();
  });
  const tune = element("button", { type: "button", class: "quiet menu-tune", onclick: () => {
    root.hidePopover();
    context.setView({ panel: "activation" });
    context.host.dispatchEvent(new CustomEvent(EDIT_LAYER, { detail: { net: n, layer } }));
    setTimeout(() => goToEditor(context.host), TURN);
  } }, "Curve, parameters, own formula …");
  const root = element("div", { class: "activation-menu", popover: "auto", role: "dialog", "aria-labelledby": titleId }, title, catalogue.root, tune);
  root.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed" && root.querySelector(":focus")) opener?.focus();
  });
  return {
    root,
    /** @param {Model} now */
    update(now) {
      model = now;
      if (root.matches(":popover-open")) catalogue.update(now);
    },
    /** @param {Model} now @param {number} net @param {number} at @param {HTMLElement} button */
    open(now, net, at, button) {
      [model, n, layer, opener] = [now, net, at, button];
      const used = now.state?.nets[n]?.activations[layer];
      setText(title, n ? "Activation of network B, in all its layers" : `Activation of layer ${layer + 1}`);
      catalogue.update(now);
      catalogue.mark(used ? readSpec(used.spec).base : "");
      root.showPopover();
      placeMenu(root, button);
      catalogue.focus();
    },
  };
}
