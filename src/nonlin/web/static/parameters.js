import { element, setText } from "./element.js";
import { freshId } from "./fields.js";

/**
 * A slider and a number field for every parameter of an activation.
 * @typedef {{root: HTMLElement, show: (params: Record<string, number>, defaults: Record<string, number>) => void}} Parameters
 */

const GREEK_LETTERS = /** @type {Record<string, string>} */ ({ alpha: "α", beta: "β", gamma: "γ", delta: "δ", theta: "θ", lambda: "λ", lam: "λ", mu: "μ", sigma: "σ", tau: "τ", omega: "ω", eta: "η", kappa: "κ" });
const HAND_ON_SLIDER = 600; // milliseconds in which what comes back must not pull the slider from under the hand

/** @param {string} name @returns {string} */
export function parameterLabel(name) {
  const [word, ...rest] = name.split("_");
  return [GREEK_LETTERS[word] ?? word, ...rest].join(" ");
}

/** What the slider spans; the number field takes any value. @param {number} around @returns {[number, number]} */
function sliderSpan(around) {
  if (around === 0) return [-3, 3];
  const most = Math.abs(around) <= 0.1 ? 1 : Math.max(3, 4 * Math.abs(around));
  return around > 0 ? [0, most] : [-most, 0];
}

/** A power of ten that divides the span into some hundreds, so that every stop is a short number. @param {number} span */
function roundStep(span) {
  return 10 ** Math.floor(Math.log10(span / 300));
}

/** @param {string} name @param {number} value @param {number} around @param {(name: string, value: number) => void} change */
function parameterRow(name, value, around, change) {
  const id = freshId("parameter"), [low, high] = sliderSpan(around);
  let touched = -HAND_ON_SLIDER;
  const tell = (/** @type {HTMLInputElement} */ from, /** @type {HTMLInputElement} */ other) => () => {
    if (!Number.isFinite(from.valueAsNumber)) return;
    touched = performance.now();
    other.value = from.value;
    change(name, from.valueAsNumber);
  };
  const slider = element("input", { type: "range", min: low, max: high, step: roundStep(high - low), "aria-label": `${name}, slider` });
  const number = element("input", { type: "number", step: "any", id });
  slider.addEventListener("input", tell(slider, number));
  number.addEventListener("change", tell(number, slider));
  const show = (/** @type {number} */ next) => {
    if (performance.now() - touched < HAND_ON_SLIDER || number.matches(":focus")) return;
    slider.value = String(next);
    number.value = String(Number(next.toPrecision(4)));
  };
  show(value);
  return { root: element("div", { class: "parameter" }, element("label", { for: id, title: name }, parameterLabel(name)), slider, number), show };
}

/** @param {(name: string, value: number) => void} change @returns {Parameters} */
export function createParameters(change) {
  const root = element("div", { class: "parameters", role: "group", "aria-label": "Parameters of the activation" });
  let rows = /** @type {Map<string, ReturnType<typeof parameterRow>>} */ (new Map()), key = "";
  return {
    root,
    show(params, defaults) {
      const names = Object.keys(params), next = JSON.stringify([names, defaults]);
      root.hidden = names.length === 0;
      if (next !== key) {
        key = next;
        rows = new Map(names.map((name) => [name, parameterRow(name, params[name], defaults[name] ?? params[name], change)]));
        root.replaceChildren(...[...rows.values()].map((row) => row.root));
      }
      for (const name of names) rows.get(name)?.show(params[name]);
    },
  };
}
