import { EDIT_LAYER, activationValues } from "./activationmenu.js";
import { createCatalogue } from "./catalogue.js";
import { curveBook, readSpec, writeSpec } from "./curves.js";
import { element, rebuild, setText } from "./element.js";
import { freshId } from "./fields.js";
import { createFormulaField } from "./formulafield.js";
import { createGraph } from "./graph.js";
import { hasRival } from "./networkbar.js";
import { createParameters } from "./parameters.js";
import { readable } from "./protocol.js";
import { NO_NETWORK, netFrame } from "./weights.js";

/**
 * The activation editor: choose a layer, then a function for it by name, by formula, or by dragging a parameter.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./curves.js").Curve} Curve
 */

const NO_LAYER = "This network has no hidden layer, so it has no activation to choose: whatever it learns is a straight line. Add a layer to bend it.";
const PATIENCE = 1500; // milliseconds after which an answer that never came no longer holds back the next change

/** Sends the newest value when the answer to the last one has come: at most one is under way. @param {(value: any) => void} send */
function createTurnstile(send) {
  let under = false, since = 0, waiting = /** @type {{value: any} | null} */ (null);
  const pass = (/** @type {any} */ value) => {
    under = true;
    since = performance.now();
    waiting = null;
    send(value);
  };
  return {
    offer(/** @type {any} */ value) {
      if (under && performance.now() - since < PATIENCE) waiting = { value };
      else pass(value);
    },
    answered() {
      under = false;
      if (waiting) pass(waiting.value);
    },
  };
}

/** @param {Model} model @returns {boolean} whether all hidden layers have one activation */
function isUniform(model) {
  return new Set(model.state?.nets[0]?.activations.map(({ spec }) => spec)).size === 1;
}

/** What the editor works on: "all", a layer's index, or "rival". @param {Model} model @returns {{value: string, label: string}[]} */
function targets(model) {
  const used = model.state?.nets[0]?.activations ?? [], first = used[0]?.name || used[0]?.formula;
  const layers = used.map(({ name, formula }, k) => ({ value: String(k), label: `Layer ${k + 1}: ${name || formula}` }));
  if (layers.length > 1) layers.unshift({ value: "all", label: isUniform(model) ? `All layers: ${first}` : "All layers: they differ" });
  if (hasRival(model)) layers.push({ value: "rival", label: `The rival network: ${model.state?.nets[1]?.activations[0]?.name ?? ""}` });
  return layers;
}

/** @param {Curve} curve @returns {Node[]} */
function factsOf(curve) {
  const rows = /** @type {[string, string][]} */ ([["φ(z)", curve.formula], ["φ′(z)", curve.derivative], ...curve.properties]);
  return [element("caption", { class: "unseen" }, "What follows from the formula"), element("tbody", null, ...rows.map(([label, text], k) =>
    element("tr", k < 2 ? { class: "formula-fact" } : null, element("th", { scope: "row" }, label), element("td", null, text))))];
}

/** @param {number} seconds @returns {string} */
function compileWords(seconds) {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 0.005 ? "kernel ready" : `kernel compiled in ${seconds.toFixed(2)} s`;
}

/** @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createActivationEditor(context) {
  const book = curveBook(context), selectId = freshId("activation-target");
  const select = element("select", { id: selectId, onchange: () => { target = select.value; seen = ""; refresh(); } });
  const formula = createFormulaField({ check: (spec) => book.ask(spec).then(preview), use: apply });
  const graph = createGraph(), parameters = createParameters(drag), catalogue = createCatalogue(context, apply);
  const range = element("p", { class: "graph-note" }), compiled = element("span", { class: "compiled" });
  const facts = element("table", { class: "facts-table" }), empty = element("p", { class: "editor-empty", hidden: true });
  const curves = element("div", { class: "editor-curves" }, graph.root, range, parameters.root,
    element("div", { class: "editor-facts" }, facts, compiled));
  const body = element("div", { class: "editor-body" }, element("div", { class: "editor-choice" }, formula.root, catalogue.root), curves);
  const root = element("section", { class: "activation-editor", "aria-label": "Activation" },
    element("div", { class: "editor-target" }, element("label", { for: selectId }, "Activation of"), select), empty, body);

  let model = /** @type {Model | null} */ (null), state = /** @type {any} */ (null);
  let target = "", seen = "";
  let shown = /** @type {Curve | null} */ (null), dragged = /** @type {string | null} */ (null), draggedAt = 0;

  const isRival = () => target === "rival";
  const layer = () => (target === "all" || isRival() ? 0 : Number(target));
  const used = () => model?.state?.nets[isRival() ? 1 : 0]?.activations[layer()];

  const change = createTurnstile((spec) => {
    if (model) context.send({ do: "set", values: activationValues(model, isRival() ? 1 : 0, target === "all" ? null : layer(), spec) });
  });
  const redraw = createTurnstile((spec) => { void book.ask(spec).then(preview, () => {}).finally(redraw.answered); });

  /** @param {string} spec */
  function apply(spec) {
    dragged = null;
    formula.show(spec, true);
    change.offer(spec);
    redraw.offer(spec);
  }

  /** @param {string} name @param {number} value */
  function drag(name, value) {
    const now = shown?.params ?? {}, base = readSpec(dragged ?? shown?.spec ?? used()?.spec ?? "").base;
    const params = { ...now, ...readSpec(dragged ?? "").params, [name]: value };
    dragged = writeSpec(base, params);
    draggedAt = performance.now();
    formula.show(dragged, true);
    change.offer(dragged);
    redraw.offer(dragged);
  }

  /** @param {Curve} curve */
  function preview(curve) {
    shown = curve;
    const base = readSpec(curve.spec).base;
    rebuild(facts, JSON.stringify([curve.formula, curve.derivative, curve.properties]), () => factsOf(curve));
    setText(compiled, compileWords(curve.seconds));
    parameters.show(curve.params, defaultsOf(base) ?? book.known(base)?.params ?? {});
    catalogue.mark(base);
    drawRange();
  }

  /** @param {string} name @returns {Record<string, number> | undefined} */
  function defaultsOf(name) {
    return model?.catalogue?.families.flatMap((family) => family.activations).find((entry) => entry.name === name)?.params;
  }

  function drawRange() {
    const z = model && target !== "all" ? netFrame(model, isRival() ? 1 : 0)?.layers?.[layer()]?.z : null;
    const fits = Boolean(z?.slice(0, 2).every(Number.isFinite));
    graph.show(shown, fits ? z : null);
    setText(range, fits ? `The band is where the net inputs z of layer ${layer() + 1} lie now: from ${readable(z[0])} to ${readable(z[1])}.` : "");
  }

  /** @param {Model} now */
  function showTargets(now) {
    const choices = targets(now);
    empty.hidden = choices.length > 0;
    setText(empty, now.state?.nets.length ? NO_LAYER : NO_NETWORK);
    body.hidden = choices.length === 0;
    rebuild(select, JSON.stringify(choices), () => choices.map(({ value, label }) => element("option", { value }, label)));
    if (!choices.some(({ value }) => value === target)) target = isUniform(now) ? choices[0]?.value ?? "" : "0";
    if (select.value !== target) select.value = target;
  }

  function refresh() {
    if (!model?.state) return;
    if (model.state !== state) {
      state = model.state;
      change.answered();
      showTargets(model);
    }
    catalogue.update(model);
    const spec = used()?.spec ?? "", quiet = performance.now() - draggedAt > PATIENCE;
    if (dragged && (spec === dragged || quiet)) dragged = null;
    if (spec && spec !== seen && !dragged) {
      seen = spec;
      formula.show(spec);
      if (!formula.isEdited()) redraw.offer(spec);
    }
    drawRange();
  }

  // Whoever comes from a layer of the network means that layer.
  context.host.addEventListener(EDIT_LAYER, (event) => {
    const { net, layer: meant } = /** @type {CustomEvent} */ (event).detail;
    [target, seen, state] = [net ? "rival" : String(meant), "", null];
    refresh();
  });
  return {
    root,
    update(now) {
      model = now;
      refresh();
    },
  };
}
