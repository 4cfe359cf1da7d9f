import { element, rebuild, setText } from "./element.js";
import { freshId } from "./fields.js";
import { createNetSwitch } from "./networkbar.js";
import { explainedByPlane, separationByLine } from "./separation.js";
import { shadesOf } from "./shades.js";
import { calmEnds, drawPlane, endsOf } from "./warp.js";
import { NO_NETWORK, allWeights, framePart, isClassification, percentage, shownColumns, subscript, weightsStart } from "./weights.js";

/**
 * The hidden plane: choose a layer and two of its units, and see the inputs' grid as the network has bent it up to there.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./separation.js").Separation} Separation
 */

const PACE_OF_LINES = 400; // milliseconds between two fits of the straight line: words that change faster cannot be read
const CLEARLY = 0.03;

/** @param {Model} model @param {ArrayLike<number>} places @returns {Separation | null} */
function separationIn(model, places) {
  const labels = model.scene?.arrays?.get("labels");
  if (!labels?.length || labels.length * 2 !== places.length) return null;
  return isClassification(model) ? separationByLine(places, labels, model.state?.scene.classes.length ?? 2) : explainedByPlane(places, labels);
}

/** What one sees, in one sentence that is true of these rows. @param {Model} model @param {Separation | null} here @param {Separation | null} before */
function sentence(model, here, before) {
  if (!here || !before || !Number.isFinite(here.share + before.share)) return "";
  const [now, then] = [percentage(here.share), percentage(before.share)], better = here.share - before.share;
  const several = (model.state?.scene.classes.length ?? 2) > 2;
  if (!isClassification(model)) {
    if (better > CLEARLY) return `In this plane a flat surface explains ${now} of the variance; in the plane of the inputs it explains ${then}.`;
    return `In this plane a flat surface explains ${now} of the variance, no more than the ${then} in the plane of the inputs.`;
  }
  if (here.share > 0.97 && better > CLEARLY) return `In this plane ${several ? "straight lines separate what no lines separate" : "a straight line separates what no line separates"} in the inputs: ${now} of the rows, against ${then}.`;
  const best = several ? "the best straight lines put" : "the best straight line puts";
  if (better > CLEARLY) return `In this plane ${best} ${now} of the rows on the right side; in the inputs it is ${then}.`;
  return `In this plane ${best} ${now} of the rows on the right side, no more than the ${then} in the inputs. Let it train, or choose other units.`;
}

/** The output's own line, where the layer's two units are all that the output sees. @param {Model} model @param {number} n @param {number} layer @param {number[]} pair @returns {[number, number, number] | null} */
function outputLine(model, n, layer, pair) {
  const columns = shownColumns(model, n), net = model.state?.nets[n], flat = allWeights(model, n);
  if (!net || !flat || !isClassification(model) || net.outputs !== 1 || layer !== net.shown.length - 1 || net.widths[layer + 1] !== 2) return null;
  const start = weightsStart(columns, columns.length - 1);
  return [flat[start + 2], flat[start + pair[0]], flat[start + pair[1]]];
}

/** @param {string} label @param {(value: number) => void} choose */
function numberedSelect(label, choose) {
  const id = freshId("plane"), select = element("select", { id, onchange: () => choose(Number(select.value)) });
  return {
    root: element("span", { class: "plane-choice" }, element("label", { for: id }, label), select),
    /** @param {string[]} names @param {number} value */
    show(names, value) {
      rebuild(select, JSON.stringify(names), () => names.map((name, k) => element("option", { value: k }, name)));
      if (Number(select.value) !== value) select.value = String(value);
    },
  };
}

/** @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createHiddenPlane(context) {
  let model = /** @type {Model | null} */ (null), n = 0, wide = 0, fitted = -Infinity, ends = /** @type {number[] | null} */ (null);
  let here = /** @type {Separation | null} */ (null), key = "", inputs = /** @type {Separation | null} */ (null), scene = /** @type {any} */ (null);
  const nets = createNetSwitch("The network whose plane is shown", (chosen) => { n = chosen; refresh(); });
  const layers = numberedSelect("Layer", (layer) => context.setView({ layer, pair: [0, 1] }));
  const across = numberedSelect("Across", (unit) => choosePair(0, unit)), upwards = numberedSelect("Upwards", (unit) => choosePair(1, unit));
  const canvas = element("canvas", { class: "plane-picture", role: "img", "aria-label": "The hidden plane, on its way" }), box = element("div", { class: "plane-box" }, canvas);
  const words = element("p", { class: "plane-words" }), legend = element("p", { class: "plane-key" });
  const root = element("section", { class: "hidden-plane", "aria-label": "Hidden plane" },
    element("div", { class: "plane-choices" }, nets.root, layers.root, across.root, upwards.root), element("div", { class: "plane-body" }, box, element("div", { class: "plane-side" }, words, legend)));

  /** @param {number} at @param {number} unit */
  function choosePair(at, unit) {
    const pair = [...model?.view.pair ?? [0, 1]], other = pair[1 - at];
    if (other === unit) pair[1 - at] = pair[at];
    pair[at] = unit;
    context.setView({ pair });
  }

  /** The view as it fits this network; the old one may have been of a larger. @param {Model} now @returns {{layer: number, pair: number[], units: number} | null} */
  function fittingView(now) {
    const hidden = now.state?.nets[n]?.shown ?? [];
    const layer = Math.min(Math.max(now.view.layer, 0), hidden.length - 1), units = now.state?.nets[n]?.widths[layer + 1] ?? 0;
    if (layer < 0 || units < 2) return null;
    const pair = now.view.pair.every((unit) => unit < units) ? now.view.pair : [0, 1];
    if (layer !== now.view.layer || pair !== now.view.pair) context.setView({ layer, pair });
    return { layer, pair, units };
  }

  /** @param {Model} now @param {ArrayLike<number>} places */
  function fitLines(now, places) {
    if (performance.now() - fitted < PACE_OF_LINES) return;
    fitted = performance.now();
    if (scene !== now.scene) {
      scene = now.scene;
      inputs = separationIn(now, now.scene?.arrays?.get("places") ?? []);
    }
    here = separationIn(now, places);
  }

  /** @param {Model} now @param {{layer: number, pair: number[]}} view */
  function draw(now, { layer, pair }) {
    const lines = framePart(now, `lines${n}`), places = framePart(now, `hidden${n}`);
    if (!lines || !places || wide < 100) return;
    fitLines(now, places);
    ends = calmEnds(ends, endsOf([lines, places]));
    const own = outputLine(now, n, layer, pair), high = Math.round(Math.min(wide * 0.8, 420));
    const names = pair.map((unit) => `h${subscript(unit)} of layer ${layer + 1}`);
    canvas.style.height = `${high}px`;
    drawPlane(canvas, wide, high, { model: now, lines, places, ends, names, line: own ?? here?.line ?? null }, shadesOf(context.host).colours);
    setText(words, sentence(now, here, inputs));
    setText(legend, own ? "The grid is the plane of the inputs, bent by the layers. The straight line is the output's: on it, it says one half."
      : here?.line ? "The grid is the plane of the inputs, bent by the layers. The straight line is the best one for these rows."
        : "The grid is the plane of the inputs, bent by the layers.");
    canvas.setAttribute("aria-label", `The grid of the inputs and the rows in the plane of ${names.join(" and ")}. ${words.textContent}`);
  }

  /** @param {Model} now */
  function showChoices(now) {
    const net = now.state?.nets[n], view = fittingView(now);
    const none = !net ? NO_NETWORK : !net.shown.length ? "This network has no hidden layer, so there is no hidden plane: the inputs go straight to the output."
      : "This layer has one unit only. Give it a second one to see a plane.";
    box.hidden = legend.hidden = !view;
    layers.show((net?.shown ?? []).map((_, k) => String(k + 1)), Math.min(now.view.layer, (net?.shown.length ?? 1) - 1));
    layers.root.hidden = !net?.shown.length;
    across.root.hidden = upwards.root.hidden = !view;
    if (!view) return setText(words, none), null;
    const units = Array.from({ length: view.units }, (_, k) => `unit ${k + 1}`);
    across.show(units, view.pair[0]);
    upwards.show(units, view.pair[1]);
    return view;
  }

  function refresh() {
    if (!model?.state) return;
    if (n >= model.state.nets.length) n = 0;
    nets.update(model, n);
    const view = showChoices(model), next = JSON.stringify([n, view, model.state.nets[n]?.widths]);
    if (next !== key) [key, ends, here, fitted] = [next, null, null, -Infinity];
    if (view) draw(model, view);
  }

  new ResizeObserver(([{ contentRect }]) => {
    wide = Math.round(contentRect.width);
    refresh();
  }).observe(box);
  return { root, update(now) { model = now; refresh(); } };
}
