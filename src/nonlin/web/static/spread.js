import { element, rebuild, setText } from "./element.js";
import { hasRival, netLabel } from "./networkbar.js";
import { readable } from "./protocol.js";
import { shadesOf } from "./shades.js";
import { NO_NETWORK, framePart, netFrame, percentage } from "./weights.js";

/**
 * How the net inputs z and the slopes φ'(z) of each hidden layer are spread over the rows: small multiples of one design.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./weights.js").LayerFrame} LayerFrame
 * @typedef {{root: HTMLElement, show: (shares: ArrayLike<number>, ends: number[], shades: import("./shades.js").Shades, marks: number) => void}} Histogram
 * @typedef {{root: HTMLElement, z: Histogram, slope: Histogram, words: HTMLElement}} LayerCard
 */

const BINS = 40, BARS_WIDE = 240, BARS_HIGH = 64, BARS_GAP = 1;
const PACE_OF_SPREAD = 66; // milliseconds

/** @param {LayerFrame} layer @returns {number} dead units; the server counts them as a share */
function deadUnits(layer) {
  return Math.round(layer.dead * layer.units);
}

/** @param {LayerFrame} layer @returns {string} */
function healthWords(layer) {
  const dead = deadUnits(layer), saturated = Number.isFinite(layer.saturated) ? layer.saturated : 0;
  const first = dead ? `${dead} of ${layer.units} ${layer.units === 1 ? "unit" : "units"} dead on these rows` : "No unit dead on these rows";
  return `${first}; ${saturated > 0 ? `${percentage(saturated)} of the slopes flat` : "no slope flat"}.`;
}

/** @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} shares @param {number[]} ends @param {import("./shades.js").Shades} shades @param {number} flat below this share of the largest size a slope counts as flat; negative for none */
function drawBars(canvas, shares, ends, shades, flat) {
  const pen = canvas.getContext("2d"), { colours } = shades, [low, high] = ends;
  if (!pen) return;
  let most = 1e-9;
  for (let k = 0; k < BINS; k++) if (shares[k] > most) most = shares[k];
  const wide = canvas.width / BINS, top = Math.max(Math.abs(low), Math.abs(high)), zero = (0 - low) / (high - low || 1);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (let k = 0; k < BINS; k++) {
    const from = low + (high - low) * k / BINS, to = low + (high - low) * (k + 1) / BINS;
    const isFlat = flat >= 0 && from <= flat * top && to >= -flat * top;
    // The square root keeps a few rows in sight beside a bar that holds nearly all of them.
    const tall = shares[k] > 0 ? Math.max(Math.sqrt(shares[k] / most) * (canvas.height - 4), 2) : 0;
    pen.fillStyle = isFlat ? colours.low : colours.high;
    pen.fillRect(k * wide + BARS_GAP, canvas.height - tall, wide - BARS_GAP, tall);
  }
  if (zero < 0 || zero > 1) return;
  pen.fillStyle = colours.ink;
  pen.fillRect(Math.min(Math.max(zero * canvas.width - 1, 0), canvas.width - 2), 0, 2, canvas.height);
}

/** @param {string} symbol @param {string} name @returns {Histogram} */
function createHistogram(symbol, name) {
  const canvas = element("canvas", { width: 2 * BARS_WIDE, height: 2 * BARS_HIGH, role: "img", "aria-label": `Histogram of ${symbol}, on its way` });
  const low = element("span"), high = element("span");
  let key = "";
  return {
    root: element("figure", { class: "histogram" }, element("figcaption", null, element("span", { class: "histogram-symbol" }, symbol), ` ${name}`), canvas,
      element("div", { class: "histogram-ends", "aria-hidden": "true" }, low, high)),
    show(shares, ends, shades, flat) {
      drawBars(canvas, shares, ends, shades, flat);
      const next = `${readable(ends[0])} to ${readable(ends[1])}`;
      if (next === key) return;
      key = next;
      setText(low, readable(ends[0]));
      setText(high, readable(ends[1]));
      canvas.setAttribute("aria-label", `Histogram of ${symbol}, from ${next}`);
    },
  };
}

/** @param {string} title @returns {LayerCard} */
function layerCard(title) {
  const z = createHistogram("z", "net input"), slope = createHistogram("φ′(z)", "slope"), words = element("p", { class: "spread-words" });
  return { root: element("article", { class: "spread-layer" }, element("h3", null, title), element("div", { class: "spread-pair" }, z.root, slope.root), words), z, slope, words };
}

/** @param {LayerFrame[]} layers @returns {string[][]} */
function tableRows(layers) {
  return layers.map((layer, k) => [`Layer ${k + 1}`, String(layer.units), String(deadUnits(layer)), percentage(layer.saturated),
    `${readable(layer.z[0])} to ${readable(layer.z[1])}`, `${readable(layer.slope[0])} to ${readable(layer.slope[1])}`]);
}

/** @param {string} title */
function createNetSpread(title) {
  const heading = element("h3", { class: "spread-net" }, title), cards = element("div", { class: "spread-layers" }), body = element("tbody");
  const table = element("details", { class: "spread-table" }, element("summary", null, "As a table"), element("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Spread as a table" }, element("table", null,
    element("thead", null, element("tr", null, ...["", "Units", "Dead", "Flat slopes", "z", "φ′(z)"].map((name) => element("th", { scope: "col" }, name)))), body)));
  const root = element("div", { class: "spread-of-net" }, heading, cards, table);
  let list = /** @type {LayerCard[]} */ ([]);

  /** @param {Model} model @param {number} n @param {import("./shades.js").Shades} shades */
  function show(model, n, shades) {
    const part = framePart(model, `spread${n}`), layers = /** @type {LayerFrame[]} */ (netFrame(model, n)?.layers ?? []);
    const names = model.state?.nets[n]?.activations ?? [];
    heading.hidden = !hasRival(model);
    setText(heading, netLabel(model, n));
    rebuild(cards, JSON.stringify(names.map(({ name, formula }) => name || formula)), () => {
      list = names.map(({ name, formula }, k) => layerCard(`Layer ${k + 1} · ${name || formula}`));
      return list.map((card) => card.root);
    });
    table.hidden = layers.length === 0;
    if (!part || part.shape[0] !== list.length || layers.length !== list.length) return;
    list.forEach((card, k) => {
      const at = 2 * BINS * k;
      card.z.show(part.subarray(at, at + BINS), layers[k].z, shades, -1);
      card.slope.show(part.subarray(at + BINS, at + 2 * BINS), layers[k].slope, shades, 0.01);
      card.root.classList.toggle("unwell", deadUnits(layers[k]) > 0);
      setText(card.words, healthWords(layers[k]));
    });
    if (table.open) rebuild(body, JSON.stringify(tableRows(layers)), () => tableRows(layers).map(([name, ...cells]) =>
      element("tr", null, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", null, cell)))));
  }
  return { root, show, table };
}

/** @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createSpread(context) {
  const nets = ["A", "B"].map(createNetSpread);
  const words = element("p", { class: "spread-intro" }), root = element("section", { class: "spread", "aria-label": "Spread of z and of the slopes" }, words, ...nets.map((net) => net.root));
  let drawn = -Infinity, last = /** @type {Model | null} */ (null);

  /** @param {Model} model */
  function draw(model) {
    const hidden = model.state?.nets[0]?.shown.length ?? 0, shades = shadesOf(context.host);
    const none = model.state?.nets.length ? "This network has no hidden layer, so there is nothing to spread." : NO_NETWORK;
    setText(words, hidden ? "Each layer over the rows it trains on. Where the slope φ′(z) is nearly 0 (orange bars), no error comes back through the unit and its weights stand still. Heights are square roots of shares, so that few rows remain in sight beside many."
      : none);
    nets.forEach((net, n) => {
      net.root.hidden = !model.state?.nets[n] || !hidden;
      if (!net.root.hidden) net.show(model, n, shades);
    });
  }

  for (const { table } of nets) table.addEventListener("toggle", () => { if (last) draw(last); });
  return {
    root,
    update(model) {
      const now = performance.now();
      if ((last?.frame === model.frame && last?.state === model.state) || (model.frame?.running && now - drawn < PACE_OF_SPREAD)) return;
      [last, drawn] = [{ ...model }, now];
      draw(model);
    },
  };
}
