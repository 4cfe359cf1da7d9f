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

const MENU_MARGIN = 8;

/** The values that put an activation into a layer, into all (null), or into the rival. @param {Model} model @param {number} n @param {number | null} layer @param {string} spec @returns {Record<string, any>} */
export function activationValues(model, n, layer, spec) {
  if (n > 0) return { rival: spec };
  const settings = model.state?.settings ?? {}, used = model.state?.nets[0]?.activations ?? [];
  const specs = used.map((activation, k) => String(settings.activations?.[k] ?? activation.spec));
  return { activations: specs.map((old, k) => (layer === null || layer === k ? spec : old)) };
}

/** Below the button, or above it where there is more room. @param {HTMLElement} panel @param {HTMLElement} button */
function placeMenu(panel, button) {
  const at = button.getBoundingClientRect(), wide = panel.offsetWidth, below = innerHeight - at.bottom - 2 * MENU_MARGIN;
  const high = Math.min(panel.scrollHeight, Math.max(below, at.top - 2 * MENU_MARGIN));
  const left = Math.min(Math.max(at.left, MENU_MARGIN), Math.max(innerWidth - wide - MENU_MARGIN, MENU_MARGIN));
  panel.style.left = `${left}px`;
  panel.style.top = `${below >= high || below >= at.top ? at.bottom + MENU_MARGIN : Math.max(at.top - high - MENU_MARGIN, MENU_MARGIN)}px`;
  panel.style.maxHeight = `${Math.max(high, 160)}px`;
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
    context.setView({ panel: "activation", layer });
  } }, "Curve, parameters, own formula …");
  const root = element("div", { class: "activation-menu", popover: "auto", role: "dialog", "aria-labelledby": titleId }, title, catalogue.root, tune);
  root.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed" && root.contains(document.activeElement)) opener?.focus();
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
