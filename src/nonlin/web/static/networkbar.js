import { element, rebuild, setText } from "./element.js";
import { freshId } from "./fields.js";
import { counted } from "./protocol.js";

/**
 * The line above the network: how large it is, which of two networks is shown, whether the weights flow.
 * @typedef {import("./protocol.js").Model} Model
 */

/** @param {Model} model @param {number} n @returns {string} "A · tanh": the activations of a network without repeats */
export function netLabel(model, n) {
  const names = (model.state?.nets[n]?.activations ?? []).map(({ name, formula }) => name || formula);
  const distinct = [...new Set(names)].join(", ") || "no hidden layer";
  return `${"AB"[n]} · ${distinct}`;
}

/** @param {Model} model @returns {boolean} */
export function hasRival(model) {
  return (model.state?.nets.length ?? 0) > 1;
}

/** Radio buttons in a row. @param {string} legend @param {(n: number) => void} choose */
export function createNetSwitch(legend, choose) {
  const name = freshId("net"), root = element("fieldset", { class: "net-switch", hidden: true });
  const radio = (/** @type {number} */ n, /** @type {string} */ label) => element("label", { class: "net-option" },
    element("input", { type: "radio", name, value: n, onchange: () => choose(n) }), element("span", null, label));
  return {
    root,
    /** @param {Model} model @param {number} shown */
    update(model, shown) {
      root.hidden = !hasRival(model);
      if (root.hidden) return;
      const labels = [0, 1].map((n) => netLabel(model, n));
      rebuild(root, JSON.stringify(labels), () => [element("legend", { class: "unseen" }, legend), ...labels.map((label, n) => radio(n, label))]);
      root.querySelectorAll("input").forEach((input, n) => { if (input.checked !== (n === shown)) input.checked = n === shown; });
    },
  };
}

/** @param {(n: number) => void} chooseNet */
export function createNetworkBar(chooseNet) {
  const size = element("span", { class: "network-size" });
  const nets = createNetSwitch("The network that is shown", chooseNet);
  const flow = element("input", { type: "checkbox" });
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const flowLabel = element("label", { class: "flow-toggle", title: "Let dashes run along the links while the network trains" }, flow, "Flow");
  const root = element("div", { class: "network-bar" }, nets.root, size, flowLabel);
  const showFlow = () => { flowLabel.hidden = calm.matches; };
  calm.addEventListener("change", showFlow);
  showFlow();
  return {
    root,
    flows: () => flow.checked && !calm.matches,
    /** @param {Model} model @param {number} n */
    update(model, n) {
      nets.update(model, n);
      const net = model.state?.nets[n];
      setText(size, net ? `${net.widths.join(" – ")}, ${counted(net.parameters)} parameters` : "");
    },
  };
}
