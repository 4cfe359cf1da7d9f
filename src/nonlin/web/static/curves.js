import { svgElement } from "./element.js";

/**
 * The curves of activations, asked once for each spec and kept; and the small glyphs drawn from them.
 *
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {{spec: string, name: string, formula: string, derivative: string, params: Record<string, number>,
 *   range: [number, number], properties: [string, string][], seconds: number, kinks: number[],
 *   z: Float32Array, value: Float32Array, slope: Float32Array}} Curve
 * @typedef {{known: (spec: string) => Curve | undefined, want: (spec: string, use: (curve: Curve) => void) => void,
 *   ask: (spec: string) => Promise<Curve>}} CurveBook
 */

/** Heights of the catalogue's curves by name, once they have come. @typedef {Map<string, ArrayLike<number>>} GlyphHeights */

/** @type {WeakMap<Context, {heights: GlyphHeights | null, waiting: Set<() => void>}>} */
const glyphShelves = new WeakMap();

const GLYPH = { wide: 32, high: 22, edge: 2.5, reach: 3 };
const CURVES_KEPT = 200;

/** @type {WeakMap<Context, CurveBook>} */
const booksOfContexts = new WeakMap();

/** @param {string} spec @returns {{base: string, params: Record<string, number>}} */
export function readSpec(spec) {
  const [base, ...settings] = spec.split(";");
  const pairs = settings.map((text) => text.split("=")).filter((pair) => pair.length === 2);
  return { base: base.trim(), params: Object.fromEntries(pairs.map(([name, value]) => [name.trim(), Number(value)])) };
}

/** @param {string} spec @returns {boolean} whether it may be a catalogue name, without parameters of its own */
function isName(spec) {
  return /^\w+$/.test(spec);
}

/** @param {string} base @param {Record<string, number>} params @returns {string} */
export function writeSpec(base, params) {
  return [base, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(";");
}

/** @param {Context} context @param {string} spec @returns {Promise<Curve>} */
async function askCurve(context, spec) {
  const { content, arrays } = await context.ask({ do: "curve", activation: spec });
  const part = (/** @type {string} */ name) => /** @type {Float32Array} */ (/** @type {unknown} */ (arrays.get(name)));
  return { .../** @type {any} */ (content), z: part("z"), value: part("value"), slope: part("slope") };
}

/** One book for a page, so that a curve drawn as glyph need not be asked again by the editor. @param {Context} context @returns {CurveBook} */
export function curveBook(context) {
  const open = booksOfContexts.get(context);
  if (open) return open;
  /** @type {Map<string, Curve>} */
  const curves = new Map();
  /** @type {[string, (curve: Curve) => void][]} */
  const wanted = [];
  let busy = false;

  /** @param {string} spec */
  async function ask(spec) {
    const known = curves.get(spec);
    if (known) return known;
    const curve = await askCurve(context, spec);
    if (curves.size >= CURVES_KEPT) curves.delete(/** @type {string} */ (curves.keys().next().value));
    curves.set(spec, curve);
    return curve;
  }

  // Glyphs are never urgent: one question at a time, so that they do not stand in the way of the editor's.
  async function work() {
    busy = true;
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      const [spec, use] = next;
      await ask(spec).then(use, () => {});
    }
    busy = false;
  }

  const book = {
    known: (/** @type {string} */ spec) => curves.get(spec),
    ask,
    want(/** @type {string} */ spec, /** @type {(curve: Curve) => void} */ use) {
      const curve = curves.get(spec);
      if (curve) return use(curve);
      wanted.push([spec, use]);
      if (!busy) void work();
    },
  };
  booksOfContexts.set(context, book);
  return book;
}

/** Whether the curve jumps between two neighbouring points: far more than either slope explains. @param {Curve} curve @param {number} k @param {number} span */
export function jumpsAfter(curve, k, span) {
  const step = curve.z[k + 1] - curve.z[k], rise = Math.abs(curve.value[k + 1] - curve.value[k]);
  return rise > 0.02 * span + 2 * step * Math.max(Math.abs(curve.slope[k]), Math.abs(curve.slope[k + 1]));
}

/** The paths of φ and of the axis φ = 0, fitted into the glyph's box. @param {number[]} places z @param {number[]} values @returns {[string, string]} */
function glyphPaths(places, values) {
  const finite = values.filter(Number.isFinite), low = Math.min(...finite, 0), span = Math.max(Math.max(...finite) - low, 0.6);
  const x = (/** @type {number} */ z) => GLYPH.edge + (z / GLYPH.reach + 1) / 2 * (GLYPH.wide - 2 * GLYPH.edge);
  const y = (/** @type {number} */ v) => GLYPH.high - GLYPH.edge - (v - low) / span * (GLYPH.high - 2 * GLYPH.edge);
  let path = "";
  places.forEach((z, k) => { if (Number.isFinite(values[k])) path += `${path ? "L" : "M"}${x(z).toFixed(1)} ${y(values[k]).toFixed(1)}`; });
  return [path, `M0 ${y(0).toFixed(1)}H${GLYPH.wide}`];
}

/** @param {Context} context */
function glyphShelf(context) {
  const shelf = glyphShelves.get(context) ?? { heights: null, waiting: new Set() };
  glyphShelves.set(context, shelf);
  return shelf;
}

/** The menus' glyphs have come with the catalogue: whoever waits for them draws now. @param {Context} context @param {GlyphHeights} heights */
export function keepGlyphs(context, heights) {
  const shelf = glyphShelf(context);
  shelf.heights = heights;
  for (const draw of shelf.waiting) draw();
  shelf.waiting.clear();
}

/** @typedef {{root: SVGSVGElement, show: (spec: string) => void}} Glyph */

/** A small picture of an activation: from the catalogue where it knows it, so that no menu makes the server compile; else from its curve. @param {Context} context @returns {Glyph} */
export function createGlyph(context) {
  const path = svgElement("path", { class: "glyph-curve" }), axis = svgElement("path", { class: "glyph-axis" });
  const root = svgElement("svg", { class: "glyph", viewBox: `0 0 ${GLYPH.wide} ${GLYPH.high}`, "aria-hidden": "true" }, axis, path);
  let shown = "";

  /** @param {number[]} places @param {number[]} values */
  function trace(places, values) {
    const [curved, straight] = glyphPaths(places, values);
    path.setAttribute("d", curved);
    axis.setAttribute("d", straight);
  }

  function draw() {
    const spec = shown, { heights } = glyphShelf(context), known = heights?.get(spec);
    if (known) return trace(Array.from(known, (_, k) => GLYPH.reach * (2 * k / (known.length - 1) - 1)), Array.from(known));
    if (!heights && isName(spec)) return void glyphShelf(context).waiting.add(draw);
    curveBook(context).want(spec, (curve) => {
      if (shown !== spec) return;
      const kept = [...curve.z.keys()].filter((k) => Math.abs(curve.z[k]) <= GLYPH.reach);
      trace(kept.map((k) => curve.z[k]), kept.map((k) => curve.value[k]));
    });
  }

  /** @param {string} spec */
  function show(spec) {
    if (spec === shown) return;
    shown = spec;
    draw();
  }
  return { root, show };
}
