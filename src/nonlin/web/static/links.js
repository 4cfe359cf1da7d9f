import { svgElement } from "./element.js";
import { weightsStart } from "./weights.js";

/**
 * The links between the units: a curve for each weight, as wide as the weight is strong, dashed where it is negative.
 *
 * @typedef {import("./units.js").Unit} Unit
 * @typedef {import("./units.js").Spot} Spot
 * @typedef {import("./units.js").Units} Units
 * @typedef {{column: number, below: number, above: number, at: number, from: Unit | null, to: Unit,
 *   line: SVGPathElement | null, area: SVGPathElement | null}} Link
 * @typedef {ReturnType<typeof createLinks>} Links
 */

const THINNEST = 0.6, WIDEST = 7, HALF_WAY = 1.4;
const STEPS_PER_PIXEL = 5;
const WEAK = 1.8 * STEPS_PER_PIXEL; // links below this width stand back

/** Wide enough to see at once, and never wider than the unit: |w| saturates. @param {number} weight @returns {number} in steps */
function strokeSteps(weight) {
  const strength = Math.abs(weight);
  const share = Number.isFinite(strength) ? strength / (strength + HALF_WAY) : 0;
  return Math.round(STEPS_PER_PIXEL * (THINNEST + (WIDEST - THINNEST) * share));
}

/** @param {Units} units @param {number[][]} columns @returns {Link[]} weights and biases in the order of `weights{n}` */
function listLinks(units, columns) {
  const links = /** @type {Link[]} */ ([]);
  for (let column = 1; column < columns.length; column++) {
    const start = weightsStart(columns, column), width = columns[column].length, height = columns[column - 1].length;
    units[column].forEach((to, above) => {
      if (!to) return;
      for (let below = -1; below < height; below++) {
        const from = below < 0 ? null : units[column - 1][below] ?? null;
        if (below >= 0 && !from) continue;
        const at = start + (below < 0 ? height : below) * width + above;
        links.push({ column, below, above, at, from, to, line: null, area: null });
      }
    });
  }
  return links;
}

/** @param {DOMRect} from @param {DOMRect} to @param {DOMRect} board @returns {string} */
function linkPath(from, to, board) {
  const x0 = from.right - board.left, x1 = to.left - board.left, middle = (x0 + x1) / 2;
  const y0 = (from.top + from.bottom) / 2 - board.top, y1 = (to.top + to.bottom) / 2 - board.top;
  return [`M${x0} ${y0}C${middle} ${y0}`, `${middle} ${y1}`, `${x1} ${y1}`].join(" ");
}

/** @param {Link[]} drawn @returns {void} */
function givePaths(drawn) {
  for (const link of drawn) {
    link.line = svgElement("path", { class: "link" });
    link.area = svgElement("path");
  }
}

/** @param {HTMLElement} board */
export function createLinks(board) {
  const lines = svgElement("g", { class: "link-lines" }), areas = svgElement("g", { class: "link-areas" });
  const root = svgElement("svg", { class: "links", "aria-hidden": "true" }, lines, areas);
  let links = /** @type {Link[]} */ ([]);
  let steps = new Int16Array(0), signs = new Int8Array(0);
  let weights = /** @type {ArrayLike<number> | null} */ (null);
  let offset = 0;

  /** @param {Units} units @param {number[][]} columns */
  function connect(units, columns) {
    links = listLinks(units, columns);
    weights = null;
    steps = new Int16Array(links.length).fill(-1);
    signs = new Int8Array(links.length);
    const drawn = links.filter((link) => link.from);
    givePaths(drawn);
    lines.replaceChildren(...drawn.map((link) => /** @type {Node} */ (link.line)));
    areas.replaceChildren(...drawn.map((link) => /** @type {Node} */ (link.area)));
  }

  // All places are read before the first path is written: one layout, however many links.
  function place() {
    const frame = board.getBoundingClientRect();
    const ends = new Set(links.flatMap(({ from, to }) => (from ? [from, to] : [])));
    const boxes = new Map([...ends].map((unit) => [unit, unit.button.getBoundingClientRect()]));
    root.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    for (const { from, to, line, area } of links) {
      const start = from && boxes.get(from), end = boxes.get(to);
      if (!start || !end) continue;
      const path = linkPath(start, end, frame);
      line?.setAttribute("d", path);
      area?.setAttribute("d", path);
    }
  }

  /** @param {Link} link @param {number} k */
  function show(link, k) {
    const value = weights?.[link.at] ?? 0, line = link.line;
    if (!line) return;
    const step = strokeSteps(value), sign = value < 0 ? -1 : 1;
    if (step !== steps[k]) {
      if (step < WEAK !== steps[k] < WEAK || steps[k] < 0) line.classList.toggle("weak", step < WEAK);
      line.setAttribute("stroke-width", String((steps[k] = step) / STEPS_PER_PIXEL));
    }
    if (sign !== signs[k]) line.classList.toggle("negative", (signs[k] = sign) < 0);
  }

  /** @param {ArrayLike<number>} values */
  function update(values) {
    weights = values;
    links.forEach(show);
  }

  /** The link, or the bias, under the pointer. @param {EventTarget | null} target @returns {Link | null} */
  function linkAt(target) {
    if (!weights || !(target instanceof Element)) return null;
    return links.find((link) => link.area === target || (link.below < 0 && link.to.bias === target)) ?? null;
  }

  /** Brings out the links of one unit. @param {Spot | null} spot */
  function highlight(spot) {
    root.classList.toggle("focusing", spot !== null);
    for (const { line, from, to } of links) {
      const near = spot !== null && [from, to].some((end) => end?.column === spot.column && end.place === spot.place);
      line?.classList.toggle("near", near);
    }
  }

  /** One step of the flow: a single inherited property moves every dash. */
  function flow() {
    offset = (offset - 1.25) % 720;
    lines.style.strokeDashoffset = String(offset);
  }

  const valueOf = (/** @type {Link} */ link) => weights?.[link.at] ?? Number.NaN;
  return { root, connect, place, update, highlight, flow, linkAt, valueOf };
}
