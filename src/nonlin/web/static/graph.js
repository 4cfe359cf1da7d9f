import { roundTicks, tickText } from "./axes.js";
import { jumpsAfter } from "./curves.js";
import { element, svgElement } from "./element.js";
import { readable } from "./protocol.js";

/**
 * The graph of an activation: φ solid, φ' dashed, kinks marked, and on the axis where a layer's net inputs are now.
 *
 * @typedef {import("./curves.js").Curve} Curve
 * @typedef {{x: (z: number) => number, y: (v: number) => number, z: [number, number], v: [number, number]}} Scale
 */

const GRAPH_EDGE = { left: 34, right: 50, top: 14, bottom: 26 };
const GRAPH_TALLEST = 1.6; // the graph is at most this many times as high as wide, in units of z

/** @param {Curve} curve @returns {[number, number]} the heights that both curves need, within reason */
function heights(curve) {
  const finite = [...curve.value, ...curve.slope].filter(Number.isFinite).sort((a, b) => a - b);
  const most = GRAPH_TALLEST * (curve.range[1] - curve.range[0]) / 2;
  const low = Math.max(Math.min(finite[0] ?? 0, 0), -most), high = Math.min(Math.max(finite.at(-1) ?? 1, 0.5), most);
  const air = 0.06 * (high - low);
  return [low - air, high + air];
}

/** @param {Curve} curve @param {number} wide @param {number} high @returns {Scale} */
function scaleOf(curve, wide, high) {
  const [z0, z1] = curve.range, [v0, v1] = heights(curve);
  return {
    z: [z0, z1], v: [v0, v1],
    x: (z) => GRAPH_EDGE.left + (z - z0) / (z1 - z0) * (wide - GRAPH_EDGE.left - GRAPH_EDGE.right),
    y: (v) => high - GRAPH_EDGE.bottom - (v - v0) / (v1 - v0) * (high - GRAPH_EDGE.top - GRAPH_EDGE.bottom),
  };
}

/** A path that is lifted at jumps and at what is no number. @param {Curve} curve @param {Float32Array} heightsOf @param {Scale} scale */
function curvePath(curve, heightsOf, scale) {
  const span = scale.v[1] - scale.v[0], isValue = heightsOf === curve.value;
  let path = "", down = false;
  for (let k = 0; k < curve.z.length; k++) {
    const v = heightsOf[k];
    if (!Number.isFinite(v)) { down = false; continue; }
    path += `${down ? "L" : "M"}${scale.x(curve.z[k]).toFixed(1)} ${scale.y(Math.min(Math.max(v, scale.v[0] - span), scale.v[1] + span)).toFixed(1)}`;
    down = isValue ? !(k + 1 < curve.z.length && jumpsAfter(curve, k, span)) : Math.abs((heightsOf[k + 1] ?? v) - v) < 0.15 * span;
  }
  return path;
}

/** @param {Scale} scale @param {number} wide @returns {Node[]} */
function axes(scale, wide) {
  const nodes = /** @type {Node[]} */ ([]), zero = scale.y(0), left = scale.x(0);
  nodes.push(svgElement("path", { class: "graph-axis", d: `M${GRAPH_EDGE.left} ${zero}H${wide - GRAPH_EDGE.right}M${left} ${scale.y(scale.v[1])}V${scale.y(scale.v[0])}` }));
  for (const z of roundTicks(...scale.z)) {
    if (z !== 0) nodes.push(svgElement("text", { class: "graph-tick", x: scale.x(z), y: zero + 15, "text-anchor": "middle" }, tickText(z)));
  }
  for (const v of roundTicks(...scale.v, 4)) {
    if (v !== 0) nodes.push(svgElement("path", { class: "graph-rule", d: `M${GRAPH_EDGE.left} ${scale.y(v)}H${wide - GRAPH_EDGE.right}` }),
      svgElement("text", { class: "graph-tick", x: GRAPH_EDGE.left - 6, y: scale.y(v) + 4, "text-anchor": "end" }, tickText(v)));
  }
  nodes.push(svgElement("text", { class: "graph-tick", x: wide - GRAPH_EDGE.right + 6, y: zero + 4 }, "z"));
  return nodes;
}

/** Names at the right ends, moved apart where both curves end at one height. @param {Curve} curve @param {Scale} scale @param {number} wide @param {number} high */
function names(curve, scale, wide, high) {
  const end = (/** @type {Float32Array} */ values) => {
    const last = Number.isFinite(values.at(-1)) ? Number(values.at(-1)) : scale.v[1];
    return Math.min(Math.max(scale.y(last) + 4, GRAPH_EDGE.top + 4), high - GRAPH_EDGE.bottom);
  };
  let value = end(curve.value), slope = end(curve.slope);
  if (Math.abs(scale.y(0) + 4 - slope) < 13) slope = scale.y(0) - 9; // the axis has its own name there
  if (Math.abs(scale.y(0) + 4 - value) < 13) value = scale.y(0) - 9;
  if (Math.abs(value - slope) < 14) {
    const apart = value <= slope ? 1 : -1;
    [value, slope] = slope + 15 * apart > high - GRAPH_EDGE.bottom ? [value - 15, slope] : [value, value + 15 * apart];
  }
  const x = wide - GRAPH_EDGE.right + 6;
  return [svgElement("text", { class: "graph-name value", x, y: value }, "φ(z)"), svgElement("text", { class: "graph-name slope", x, y: slope }, "φ′(z)")];
}

/** @param {Curve} curve @param {Scale} scale @returns {Node[]} */
function kinkMarks(curve, scale) {
  return curve.kinks.filter((z) => z >= scale.z[0] && z <= scale.z[1]).map((z) => {
    const k = curve.z.findIndex((place) => place >= z);
    const v = curve.value[k] ?? 0;
    return svgElement("rect", { class: "graph-kink", x: scale.x(z) - 3.5, y: scale.y(v) - 3.5, width: 7, height: 7 }, svgElement("title", null, `kink at z = ${readable(z)}`));
  });
}

/** A jump at 0, as a step has it: a full dot for the value there, open ones for the limits that are not taken. @param {Curve} curve @param {Scale} scale @returns {Node[]} */
function jumpMarks(curve, scale) {
  const at = curve.z.indexOf(0), span = scale.v[1] - scale.v[0];
  if (at < 1 || at + 1 >= curve.z.length) return [];
  const dot = (/** @type {number} */ v, /** @type {string} */ kind) => svgElement("circle", { class: `graph-dot ${kind}`, cx: scale.x(0), cy: scale.y(v), r: 4 });
  const open = [at - 1, at + 1].filter((k) => jumpsAfter(curve, Math.min(k, at), span)).map((k) => dot(curve.value[k], "open"));
  return open.length ? [...open, dot(curve.value[at], "full")] : [];
}

/** @param {number[] | null} range @param {Scale} scale @returns {Node | null} where the layer's net inputs are now */
function rangeBand(range, scale) {
  if (!range || !range.slice(0, 2).every(Number.isFinite)) return null;
  const [low, high] = range.map((z) => scale.x(Math.min(Math.max(z, scale.z[0]), scale.z[1])));
  const top = scale.y(scale.v[1]), foot = scale.y(scale.v[0]), isAll = range[0] <= scale.z[0] && range[1] >= scale.z[1];
  return svgElement("g", { class: "graph-range" },
    !isAll && svgElement("rect", { class: "range-band", x: low, y: top, width: Math.max(high - low, 1), height: foot - top }),
    svgElement("path", { class: "range-line", d: `M${low} ${foot + 20}H${high}M${low} ${foot + 16}v8M${high} ${foot + 16}v8` }));
}

export function createGraph() {
  const picture = svgElement("svg", { class: "graph", role: "img", "aria-label": "Graph of the activation, on its way" });
  const root = element("div", { class: "graph-box" }, picture);
  let shown = /** @type {Curve | null} */ (null), range = /** @type {number[] | null} */ (null);
  let wide = 0, key = "";

  function draw() {
    const high = Math.round(Math.min(Math.max(wide * 0.56, 180), 340));
    if (!shown || wide < 80) return;
    const scale = scaleOf(shown, wide, high);
    picture.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    picture.setAttribute("aria-label", `Graph of φ(z) = ${shown.formula} and of its derivative ${shown.derivative}, for z from ${shown.range[0]} to ${shown.range[1]}`);
    const band = rangeBand(range, scale);
    const clip = svgElement("svg", { x: 0, y: GRAPH_EDGE.top - 6, width: wide - GRAPH_EDGE.right + 2, height: high - GRAPH_EDGE.top - GRAPH_EDGE.bottom + 12, viewBox: `0 ${GRAPH_EDGE.top - 6} ${wide - GRAPH_EDGE.right + 2} ${high - GRAPH_EDGE.top - GRAPH_EDGE.bottom + 12}` },
      svgElement("path", { class: "graph-slope", d: curvePath(shown, shown.slope, scale) }),
      svgElement("path", { class: "graph-value", d: curvePath(shown, shown.value, scale) }), ...kinkMarks(shown, scale), ...jumpMarks(shown, scale));
    picture.replaceChildren(...band ? [band] : [], ...axes(scale, wide), clip, ...names(shown, scale, wide, high));
  }

  new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - wide) < 1) return;
    wide = contentRect.width;
    draw();
  }).observe(root);

  return {
    root,
    /** @param {Curve | null} curve @param {number[] | null} layerRange */
    show(curve, layerRange) {
      const rounded = layerRange?.slice(0, 2).map((z) => Math.round(z * 10) / 10) ?? null;
      const next = JSON.stringify([curve?.spec, rounded]);
      if (next === key && curve === shown) return;
      [shown, range, key] = [curve, rounded, next];
      draw();
    },
  };
}
