/**
 * The loss over the epochs, on the rows trained on and on those held out, of one or two networks; each line says what it is.
 * @typedef {import("./protocol.js").Model} Model
 */
import { element, setText, svgElement } from "./element.js";
import { counted, readable } from "./protocol.js";
import { roundTicks, tickText } from "./axes.js";
import { settingOf } from "./fields.js";
import { hasRival } from "./networkbar.js";

const MOST_ROWS = 4000, HIGH = 132, EDGE = { left: 38, top: 8, bottom: 20 }, LABELS = [126, 140];

/** The rows of `curve` so far; where they become too many every second of them goes. */
export function createHistory() {
  const rows = /** @type {number[][]} */ ([]);
  return {
    rows,
    /** @param {import("./protocol.js").Frame} frame */
    take(frame) {
      if (frame.curve_from === 0) rows.length = 0;
      const part = frame.arrays.get("curve"), width = part?.shape[1] ?? 0;
      for (let k = 0; part && k < part.shape[0]; k++) rows.push([...part.subarray(k * width, (k + 1) * width)]);
      // Before the first epoch there is one truth: that of the frame, whatever was drawn before.
      if (frame.epoch === 0) rows.splice(0, rows.length, [0, ...frame.nets.flatMap((net) => [net.train_loss, net.held_loss])]);
      if (rows.length > MOST_ROWS) rows.splice(0, rows.length, ...rows.filter((_, k) => k % 2 === 0 || k === rows.length - 1));
    },
  };
}

/** @param {number[][]} rows @param {boolean} log @returns {[number, number]} the span of the losses, without the highest outliers of the start */
function lossSpan(rows, log) {
  const all = rows.flatMap((row) => row.slice(1)).filter((v) => Number.isFinite(v) && (!log || v > 0)).sort((a, b) => a - b);
  if (!all.length) return log ? [0.1, 1] : [0, 1];
  const top = rows.length > 50 ? all[Math.floor(0.99 * (all.length - 1))] * 1.1 : all[all.length - 1];
  if (log) return [all[0] * 0.9, Math.max(top, all[0] * 2)];
  return [0, top > 0 ? top : 1];
}

/** One line of a curve, thinned to about a point a pixel; gaps where the loss is no number.
 * @param {number[][]} rows @param {number} column @param {(v: number) => number} x @param {(v: number) => number} y */
function linePath(rows, column, x, y) {
  const every = Math.max(1, Math.floor(rows.length / 300));
  let text = "", pen = "M";
  for (let k = 0; k < rows.length; k += k + every < rows.length || k === rows.length - 1 ? every : rows.length - 1 - k) {
    const height = y(rows[k][column]);
    if (!Number.isFinite(height)) { pen = "M"; continue; }
    text += `${pen}${x(rows[k][0]).toFixed(1)} ${height.toFixed(1)}`;
    pen = "L";
  }
  return text;
}

/** Moves labels apart that would overlap, keeping their order. @param {{y: number}[]} labels @param {number} low @param {number} high */
function spread(labels, low, high) {
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, k) => { label.y = Math.max(label.y, k ? labels[k - 1].y + 14 : low); });
  for (let k = labels.length - 1; k >= 0; k--) labels[k].y = Math.min(labels[k].y, k < labels.length - 1 ? labels[k + 1].y - 14 : high);
}

/** @param {Model} model @returns {{column: number, name: string, style: string}[]} the lines, in the order of the curve's columns */
function linesOfLoss(model) {
  const nets = model.state?.nets ?? [], held = (model.state?.scene.held ?? 0) > 0;
  return nets.flatMap((_, n) => {
    const who = nets.length > 1 ? `${"AB"[n]} ` : "";
    const train = { column: 1 + 2 * n, name: `${who}train`, style: `train net${n}` };
    return held ? [train, { column: 2 + 2 * n, name: `${who}held out`, style: `held net${n}` }] : [train];
  });
}

/** @param {Model} model @param {number} wide @returns {{nodes: SVGElement[], summary: string}} */
function lossDrawing(model, wide) {
  const rows = model.history, log = model.view.log, [low, high] = lossSpan(rows, log);
  const right = wide - LABELS[hasRival(model) ? 1 : 0], bottom = HIGH - EDGE.bottom, last = rows.length ? rows[rows.length - 1][0] : 0, first = rows.length ? rows[0][0] : 0;
  const scale = (/** @type {number} */ v) => log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
  // A single row stands at the right end, beside its names.
  const x = (/** @type {number} */ v) => last > first ? EDGE.left + (v - first) / (last - first) * (right - EDGE.left) : right;
  const y = (/** @type {number} */ v) => Math.max(bottom - scale(v) * (bottom - EDGE.top), EDGE.top - 3);
  const nodes = /** @type {SVGElement[]} */ ([]);
  for (const tick of log ? logTicks(low, high) : roundTicks(low, high, 3)) {
    nodes.push(svgElement("line", { class: "grid", x1: EDGE.left, x2: right, y1: y(tick), y2: y(tick) }),
      svgElement("text", { class: "tick-y", x: EDGE.left - 6, y: y(tick), dy: "0.35em" }, tickText(tick)));
  }
  for (const tick of roundTicks(first, last, 3)) nodes.push(svgElement("text", { class: "tick-x", x: x(tick), y: HIGH - 5 }, counted(tick)));
  const labels = linesOfLoss(model).map((line) => {
    const now = rows.length ? rows[rows.length - 1][line.column] : NaN, height = y(now);
    nodes.push(svgElement("path", { class: `loss ${line.style}`, d: linePath(rows, line.column, x, y) }));
    if (Number.isFinite(height)) nodes.push(svgElement("circle", { class: `loss-end ${line.style}`, cx: x(last), cy: height, r: 2.5 }));
    return { y: Number.isFinite(height) ? height : bottom, text: `${line.name} ${readable(now)}`, style: line.style };
  });
  const summary = labels.map((label) => label.text).join(", ");
  spread(labels, EDGE.top + 4, bottom);
  for (const label of labels) nodes.push(svgElement("text", { class: `loss-name ${label.style}`, x: right + 6, y: label.y, dy: "0.35em" }, label.text));
  return { nodes, summary };
}

/** @param {number} low @param {number} high @returns {number[]} powers of ten, and 2 and 5 between them where there are few */
function logTicks(low, high) {
  const few = Math.log10(high / low) < 2, ticks = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const factor of few ? [1, 2, 5] : [1]) {
      const tick = Number((factor * 10 ** power).toPrecision(1));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** @param {import("./protocol.js").Context} context @returns {import("./protocol.js").Part} */
export function createLosses(context) {
  const picture = svgElement("svg", { class: "loss-curves", role: "img", height: HIGH });
  const log = element("input", { type: "checkbox", onchange: () => context.setView({ log: log.checked }) });
  const heading = element("h3", null, "Loss");
  let drawn = "";
  return {
    root: element("div", { class: "losses" }, element("div", { class: "head" }, heading, element("label", { class: "switch" }, log, element("span", null, "Logarithmic"))), picture),
    update(model) {
      const wide = picture.clientWidth || 420, last = model.history[model.history.length - 1];
      const key = [model.history.length, ...last ?? [], model.view.log, wide, model.state?.nets.length, lossTitle(model)].join();
      log.checked = model.view.log;
      if (key === drawn) return;
      drawn = key;
      const { nodes, summary } = lossDrawing(model, wide);
      picture.setAttribute("aria-label", `Loss after epoch ${counted(last?.[0] ?? 0)}: ${summary}`);
      picture.replaceChildren(...nodes);
      setText(heading, lossTitle(model));
    },
  };
}

/** @param {Model} model @returns {string} */
function lossTitle(model) {
  const key = model.state?.scene.task === "regression" ? "loss_of_numbers" : "loss";
  const choice = settingOf(model, key)?.choices?.find((one) => one.value === model.state?.settings[key]);
  return choice ? `Loss: ${choice.label}` : "Loss";
}
