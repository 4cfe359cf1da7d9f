/**
 * The output of a network over the plane, large: the map, its boundary in ink and the rows; two maps where a rival is trained.
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Scene} Scene
 * @typedef {import("./protocol.js").Shaped} Shaped
 */
import { element, setText } from "./element.js";
import { classTable, divergingTable, paintMap, sequentialTable } from "./colours.js";
import { classField, logitField, pathOf, shiftedField, smoothed, stepped, zeroLine } from "./contour.js";
import { createAxes, roundTicks } from "./axes.js";
import { drawPoints } from "./points.js";
import { attachBrush, createTools } from "./brush.js";
import { showLegend } from "./legend.js";
import { hasRival, netLabel } from "./networkbar.js";
import { readable } from "./protocol.js";
import { shadesOf } from "./shades.js";

/** @typedef {{values: Shaped, kind: "two" | "several" | "numbers" | "unit"}} Picture what a map shows */

/** The unit or input in focus takes its own network's map; otherwise the output is shown. @param {Model} model @param {number} net @returns {Picture | null} */
function pictureOf(model, net) {
  const focus = model.view.focus, scene = model.state?.scene;
  const unit = model.frame?.arrays.get("focus");
  if (focus && unit && (focus[0] === "input" ? net === 0 : focus[0] === net)) return { values: unit, kind: "unit" };
  const values = model.frame?.arrays.get(`surface${net}`);
  if (!values || !scene) return null;
  return { values, kind: scene.task === "regression" ? "numbers" : values.shape.length === 3 ? "several" : "two" };
}

/** @param {Shaped} values @returns {number} cells along a side */
const sideOf = (values) => values.shape[values.shape.length - 1];

/** The lines to draw in ink. @param {Picture} picture @param {Scene} scene @returns {{bold: number[], fine: number[]}} */
function linesOf({ values, kind }, scene) {
  const size = sideOf(values), cells = size * size;
  const line = (/** @type {Float32Array} */ field) => zeroLine(smoothed(field, size), size);
  if (kind === "two") return { bold: line(logitField(values, size)), fine: [] };
  if (kind === "unit") return { bold: line(shiftedField(values, size, 128.5)), fine: [] };
  if (kind === "several") {
    const winners = values.subarray(0, cells), shares = values.subarray(cells);
    return { bold: scene.classes.flatMap((_, k) => line(smoothed(smoothed(classField(winners, shares, size, k), size), size))), fine: [] };
  }
  const [low, high] = scene.values ?? [0, 1];
  const levels = roundTicks(low, high, 6).map((tick) => 255 * (tick - low) / (high - low || 1)).filter((level) => level > 1 && level < 254);
  return { bold: [], fine: levels.flatMap((level) => line(shiftedField(values, size, level + 0.01))) };
}

/** @param {HTMLCanvasElement} canvas @param {Picture} picture @param {import("./colours.js").Palette} colours @param {boolean} step */
function paintPicture(canvas, { values, kind }, colours, step) {
  const size = sideOf(values);
  // The outermost points lie on the window's edge, so half of their cells lies beyond it.
  canvas.style.inset = `${-50 / (size - 1)}%`;
  canvas.style.width = canvas.style.height = `${100 * size / (size - 1)}%`;
  if (kind === "several") return paintClasses(canvas, values, size, colours, step);
  if (kind === "two" && step) {
    const factor = Math.max(1, Math.round(512 / size));
    return paintMap(canvas, stepped(smoothed(logitField(values, size), size), size, factor), size * factor, divergingTable(colours));
  }
  paintMap(canvas, values, size, kind === "numbers" ? sequentialTable() : divergingTable(colours));
}

/** @param {HTMLCanvasElement} canvas @param {Shaped} values @param {number} size @param {import("./colours.js").Palette} colours @param {boolean} step */
function paintClasses(canvas, values, size, colours, step) {
  const cells = size * size, codes = new Uint16Array(cells);
  const all = new Uint32Array(10 * 256);
  for (let k = 0; k < 10; k++) all.set(classTable(colours, k), 256 * k);
  for (let k = 0; k < cells; k++) codes[k] = 256 * (values[k] % 10) + (step ? 255 : values[cells + k]);
  paintMap(canvas, codes, size, all);
}

/** A canvas with as many pixels as the screen has there. @param {HTMLCanvasElement} canvas @returns {{pen: CanvasRenderingContext2D, side: number} | null} */
function penFor(canvas) {
  const side = canvas.clientWidth, sharp = window.devicePixelRatio || 1, pixels = Math.round(side * sharp);
  const pen = canvas.getContext("2d");
  if (!pen || !pixels) return null;
  if (canvas.width !== pixels || canvas.height !== pixels) canvas.width = canvas.height = pixels;
  pen.setTransform(pixels / side, 0, 0, pixels / side, 0, 0);
  pen.clearRect(0, 0, side, side);
  pen.lineJoin = pen.lineCap = "round";
  return { pen, side };
}

/** @param {HTMLCanvasElement} canvas @param {{bold: number[], fine: number[]}} lines @param {import("./colours.js").Palette} colours */
function drawLines(canvas, lines, colours) {
  const room = penFor(canvas);
  if (!room) return;
  const { pen, side } = room, bold = pathOf(lines.bold, side);
  const stroke = (/** @type {Path2D} */ path, /** @type {string} */ colour, /** @type {number} */ width, /** @type {number} */ alpha) => {
    Object.assign(pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
    pen.stroke(path);
    pen.globalAlpha = 1;
  };
  stroke(pathOf(lines.fine, side), colours.paper, 1, 0.55);
  stroke(bold, colours.paper, 4.5, 0.75);
  stroke(bold, colours.ink, 2, 1);
}

/** What the map says at a place. @param {Picture} picture @param {Scene} scene @param {number[]} share @returns {string} */
function valueText({ values, kind }, scene, share) {
  const size = sideOf(values), at = (/** @type {number} */ v) => Math.round(v * (size - 1));
  const k = at(share[1]) * size + at(share[0]);
  if (kind === "two") return `P(${scene.classes[1]}) = ${(values[k] / 255).toFixed(2)}`;
  if (kind === "several") return `${scene.classes[values[k]]}, ${Math.round(values[size * size + k] / 2.55)} %`;
  if (kind === "unit") return values[k] > 129 ? "positive" : values[k] < 127 ? "negative" : "about 0";
  const [low, high] = scene.values ?? [0, 1];
  return `${scene.target} ≈ ${readable(low + values[k] / 255 * (high - low))}`;
}

/** One map. @param {Context} context @param {number} net */
function createMap(context, net) {
  const canvases = ["map", "lines", "marks"].map((name) => element("canvas", { class: name, "aria-hidden": "true" }));
  const [map, lines, marks] = canvases;
  const cross = element("div", { class: "cross", hidden: true, "aria-hidden": "true" });
  const area = element("div", { class: "area", tabindex: "0", role: "application", "aria-roledescription": "map" });
  const title = element("p", { class: "map-title" }), readout = element("p", { class: "readout", hidden: true });
  const hint = element("p", { class: "map-hint", hidden: true }, "Choose a brush below and press here to place points.");
  area.append(...canvases, hint, cross, readout);
  const axes = createAxes();
  const root = element("figure", { class: "map-figure" }, title, element("div", { class: "plot" }, axes.root, area));
  let model = /** @type {Model | null} */ (null), looked = /** @type {number[] | null} */ (null);
  let drawn = /** @type {any[]} */ ([]), marked = "";

  const brush = attachBrush(context, area, (place, byKey) => {
    looked = place;
    cross.hidden = !(place && byKey);
    if (place) cross.style.translate = `${place[0] * area.clientWidth}px ${(1 - place[1]) * area.clientHeight}px`;
    showReadout();
    if (place && byKey) context.announce(readout.textContent ?? "");
  });
  new ResizeObserver(() => { drawn = []; marked = ""; if (model) draw(model); }).observe(area);

  function showReadout() {
    const scene = model?.state?.scene, picture = model && pictureOf(model, net);
    readout.hidden = !looked || !scene || !picture;
    if (!looked || !scene || !picture) return;
    readout.classList.toggle("above", looked[1] < 0.3);
    const [x0, x1, y0, y1] = scene.window, [a, b] = scene.axis_labels;
    setText(readout, `${a} ${readable(x0 + looked[0] * (x1 - x0), 2)}, ${b} ${readable(y0 + looked[1] * (y1 - y0), 2)}\u2003${valueText(picture, scene, looked)}`);
  }

  /** @param {Model} now */
  function draw(now) {
    const scene = now.state?.scene, picture = pictureOf(now, net), { colours, version } = shadesOf(context.host);
    if (!scene || !area.clientWidth) return;
    const wanted = [picture?.values, now.view.discretise, version, scene.window.join()];
    if (!picture) for (const canvas of [map, lines]) canvas.width = canvas.height = 1;
    if (picture && wanted.some((item, k) => item !== drawn[k])) {
      paintPicture(map, picture, colours, now.view.discretise);
      drawLines(lines, linesOf(picture, scene), colours);
      drawn = wanted;
    }
    // The rows come in a message of their own, maybe after the state that names their set.
    const key = `${now.scene?.stamp} ${now.view.held} ${version} ${scene.window.join()}`;
    if (now.scene && key !== marked) {
      const room = penFor(marks);
      if (room) drawPoints(room.pen, room.side, { ...scene, arrays: now.scene.arrays }, colours, { held: now.view.held, values: sequentialTable() });
      marked = key;
    }
  }

  return {
    root,
    /** @param {Model} now @param {string} name */
    update(now, name) {
      model = now;
      const scene = now.state?.scene;
      brush.update(now);
      axes.update(scene?.window, scene?.axis_labels);
      setText(title, name);
      title.hidden = !name;
      hint.hidden = !scene?.drawable || scene.rows > 0;
      const what = pictureOf(now, net)?.kind === "unit" ? focusName(now) : null;
      area.setAttribute("aria-label", `${what ?? (name ? `Output of ${name}` : "Output")} over ${scene?.axis_labels.join(" and ") ?? "the plane"}. Arrow keys move a crosshair that reads the map${scene?.drawable ? "; a digit chooses the class of that name, or else the one at that place, Enter places a point, Delete erases" : ""}.`);
      draw(now);
      showReadout();
    },
  };
}

/** @param {Model} model @returns {string | null} what is looked at in place of the output */
function focusName(model) {
  const focus = model.view.focus;
  if (!focus || !model.frame?.arrays.get("focus")) return null;
  if (focus[0] === "input") return `Input ${model.state?.scene.inputs[focus[1]]?.label ?? focus[1] + 1}`;
  return `Unit ${focus[2] + 1} of layer ${focus[1] + 1}${hasRival(model) ? ` of ${"AB"[focus[0]]}` : ""}`;
}

/** @param {Context} context @param {string} label @param {"discretise" | "held"} key */
function createSwitch(context, label, key) {
  const input = element("input", { type: "checkbox", onchange: () => context.setView({ [key]: input.checked }) });
  return { root: element("label", { class: "switch" }, input, element("span", null, label)), input };
}

/** @param {Context} context @returns {import("./protocol.js").Part} */
export function createSurface(context) {
  const maps = [createMap(context, 0), createMap(context, 1)];
  const step = createSwitch(context, "Unit step", "discretise"), held = createSwitch(context, "Held-out points", "held");
  const legend = element("div", { class: "legend" }), tools = createTools(context);
  const heading = element("h2", null, "Output");
  return {
    root: element("div", { class: "surface" },
      element("div", { class: "head" }, heading, element("div", { class: "switches" }, step.root, held.root)),
      element("div", { class: "maps" }, ...maps.map((map) => map.root)), legend, tools.root),
    update(model) {
      const scene = model.state?.scene, both = hasRival(model), focus = focusName(model);
      setText(heading, focus ?? "Output");
      step.input.checked = model.view.discretise;
      step.root.hidden = scene?.task === "regression" || Boolean(focus);
      held.input.checked = model.view.held;
      held.root.hidden = !scene?.held;
      maps[1].root.hidden = !both;
      maps.forEach((map, net) => { if (net === 0 || both) map.update(model, both ? netLabel(model, net) : ""); });
      tools.update(model);
      if (scene) showLegend(legend, scene, shadesOf(context.host).colours, { held: model.view.held, unit: Boolean(focus) });
    },
  };
}
