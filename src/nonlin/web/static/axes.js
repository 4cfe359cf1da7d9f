/** Axes of a square picture: round ticks, their numbers and the two names, in SVG around the map. */
import { element, rebuild, svgElement } from "./element.js";

/** @param {number} low @param {number} high @param {number} [about] @returns {number[]} round numbers between two ends */
export function roundTicks(low, high, about = 5) {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / about, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** @param {number} value @returns {string} */
export function tickText(value) {
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(0).replace("e+", "e") : String(value);
  return text.replaceAll("-", "−");
}

/** @param {number[]} ends @param {boolean} upwards @returns {SVGElement[]} */
function tickMarks(ends, upwards) {
  const [low, high] = ends;
  return roundTicks(low, high, upwards ? 5 : 6).flatMap((value) => {
    const share = (value - low) / (high - low), place = `${(100 * (upwards ? 1 - share : share)).toFixed(2)}%`;
    return upwards
      ? [svgElement("line", { x1: -4, x2: 0, y1: place, y2: place }), svgElement("text", { x: -7, y: place, dy: "0.35em", class: "upwards" }, tickText(value))]
      : [svgElement("line", { x1: place, x2: place, y1: "100%", y2: "100%", class: "tick-down" }), svgElement("text", { x: place, y: "100%", dy: 16 }, tickText(value))];
  });
}

/** @returns {{root: HTMLElement, update: (window: number[] | undefined, labels: string[] | undefined) => void}} */
export function createAxes() {
  const marks = svgElement("svg", { class: "axes", "aria-hidden": "true" });
  const across = element("span", { class: "axis-name across" }), upwards = element("span", { class: "axis-name upwards" });
  const root = element("div", { class: "axes-box", "aria-hidden": "true" }, marks, upwards, across);
  return {
    root,
    update(window, labels) {
      if (!window || window.length < 4) return;
      rebuild(marks, JSON.stringify(window), () => [...tickMarks(window.slice(0, 2), false), ...tickMarks(window.slice(2), true)]);
      across.textContent = labels?.[0] ?? "";
      upwards.textContent = labels?.[1] ?? "";
    },
  };
}
