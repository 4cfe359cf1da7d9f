import { roundTicks, tickText } from "./axes.js";
import { cssColour, sequentialTable } from "./colours.js";
import { markPath } from "./previews.js";
import { isClassification } from "./weights.js";

/**
 * Draws the plane of two hidden units: the grid of the inputs as the layers bend it, the rows in it, and a straight line.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./colours.js").Palette} Palette
 * @typedef {{x: (v: number) => number, y: (v: number) => number, ends: number[]}} PlaneScale
 * @typedef {{model: Model, lines: import("./weights.js").Shaped, places: ArrayLike<number>, ends: number[], names: string[],
 *   line: [number, number, number] | null}} PlanePicture
 */

const PLANE_RIM = { left: 44, right: 12, top: 12, bottom: 38 };
const MARK_SHAPES = 6;
const PLANE_FONT = "system-ui, sans-serif";
const numberColours = sequentialTable();

/** @param {ArrayLike<number>[]} sets of pairs @returns {number[]} x0, x1, y0, y1 with a little air */
export function endsOf(sets) {
  const ends = [Infinity, -Infinity, Infinity, -Infinity];
  for (const pairs of sets) for (let k = 0; k < pairs.length; k++) {
    const axis = 2 * (k % 2), value = pairs[k];
    if (!Number.isFinite(value)) continue;
    if (value < ends[axis]) ends[axis] = value;
    if (value > ends[axis + 1]) ends[axis + 1] = value;
  }
  return [0, 2].flatMap((k) => {
    const span = ends[k + 1] - ends[k], air = span > 1e-9 ? 0.05 * span : 0.5;
    return Number.isFinite(span) ? [ends[k] - air, ends[k + 1] + air] : [-1, 1];
  });
}

/** Ends that only follow what leaves them, or when they have become far too wide: a frame must not shake. @param {number[] | null} old @param {number[]} now @returns {number[]} */
export function calmEnds(old, now) {
  if (!old) return now;
  const fits = [0, 2].every((k) => {
    const span = old[k + 1] - old[k], air = 0.05 * span;
    return now[k] >= old[k] - air / 2 && now[k + 1] <= old[k + 1] + air / 2 && now[k + 1] - now[k] > 0.7 * span;
  });
  return fits ? old : now;
}

/** @param {number[]} ends @param {number} wide @param {number} high @returns {PlaneScale} */
function planeScale(ends, wide, high) {
  const [x0, x1, y0, y1] = ends;
  return {
    ends,
    x: (v) => PLANE_RIM.left + (v - x0) / (x1 - x0) * (wide - PLANE_RIM.left - PLANE_RIM.right),
    y: (v) => high - PLANE_RIM.bottom - (v - y0) / (y1 - y0) * (high - PLANE_RIM.top - PLANE_RIM.bottom),
  };
}

/** @param {CanvasRenderingContext2D} pen @param {import("./weights.js").Shaped} lines @param {PlaneScale} scale @param {Palette} colours */
function drawGrid(pen, lines, scale, colours) {
  const [count, along] = lines.shape;
  pen.strokeStyle = colours.soft;
  for (let l = 0; l < count; l++) {
    const isEdge = l % (count / 2) === 0 || l % (count / 2) === count / 2 - 1;
    pen.lineWidth = isEdge ? 1.4 : 0.8;
    pen.globalAlpha = isEdge ? 0.9 : 0.55;
    pen.beginPath();
    for (let m = 0; m < along; m++) pen.lineTo(scale.x(lines[2 * (l * along + m)]), scale.y(lines[2 * (l * along + m) + 1]));
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} pen @param {Model} model @param {ArrayLike<number>} places @param {PlaneScale} scale @param {Palette} colours */
function drawRows(pen, model, places, scale, colours) {
  const labels = model.scene?.arrays?.get("labels"), held = model.scene?.arrays?.get("held"), values = model.state?.scene.values ?? [0, 1];
  if (!labels || labels.length * 2 !== places.length) return;
  const radius = labels.length > 400 ? 2.8 : 3.8, classes = isClassification(model);
  const paths = Array.from({ length: MARK_SHAPES }, (_, k) => new Path2D(markPath(classes ? k : 0, radius)));
  pen.lineWidth = 1.5;
  for (let k = 0; k < labels.length; k++) {
    if (held?.[k] && !model.view.held) continue;
    const x = scale.x(places[2 * k]), y = scale.y(places[2 * k + 1]);
    if (!Number.isFinite(x + y)) continue;
    const byte = Math.round(255 * Math.min(Math.max((labels[k] - values[0]) / (values[1] - values[0] || 1), 0), 1));
    const colour = classes ? colours.classes[labels[k] % colours.classes.length] : cssColour(numberColours[byte]);
    const path = paths[classes ? labels[k] % MARK_SHAPES : 0];
    pen.translate(x, y);
    pen.fillStyle = held?.[k] ? colours.paper : colour;
    pen.strokeStyle = held?.[k] ? colour : colours.paper;
    pen.fill(path);
    pen.stroke(path);
    pen.translate(-x, -y);
  }
}

/** @param {CanvasRenderingContext2D} pen @param {[number, number, number]} line @param {PlaneScale} scale @param {Palette} colours */
function drawLine(pen, [a, b, c], scale, colours) {
  const [x0, x1, y0, y1] = scale.ends, steep = Math.abs(b) * (x1 - x0) > Math.abs(c) * (y1 - y0);
  const ends = steep ? [y0, y1].map((y) => [-(a + c * y) / b, y]) : [x0, x1].map((x) => [x, -(a + b * x) / c]);
  for (const [colour, width] of /** @type {const} */ ([[colours.paper, 6], [colours.ink, 2.5]])) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const [x, y] of ends) pen.lineTo(scale.x(x), scale.y(y));
    pen.stroke();
  }
}

/** @param {CanvasRenderingContext2D} pen @param {PlaneScale} scale @param {string[]} names @param {number} wide @param {number} high @param {Palette} colours */
function drawAxes(pen, scale, names, wide, high, colours) {
  const [x0, x1, y0, y1] = scale.ends;
  pen.fillStyle = colours.soft;
  pen.font = `11px ${PLANE_FONT}`;
  pen.textAlign = "center";
  for (const v of roundTicks(x0, x1, 5)) pen.fillText(tickText(v), scale.x(v), high - PLANE_RIM.bottom + 16);
  pen.textAlign = "right";
  for (const v of roundTicks(y0, y1, 5)) pen.fillText(tickText(v), PLANE_RIM.left - 7, scale.y(v) + 4);
  pen.fillStyle = colours.ink;
  pen.textAlign = "center";
  pen.font = `12px ${PLANE_FONT}`;
  pen.fillText(names[0], (PLANE_RIM.left + wide - PLANE_RIM.right) / 2, high - 6);
  pen.save();
  pen.translate(12, (PLANE_RIM.top + high - PLANE_RIM.bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText(names[1], 0, 0);
  pen.restore();
}


/** A canvas as sharp as the screen; null where it has no room. @param {HTMLCanvasElement} canvas @param {number} wide @param {number} high */
function sharpPen(canvas, wide, high) {
  const dense = Math.min(window.devicePixelRatio || 1, 2);
  const [w, h] = [Math.round(wide * dense), Math.round(high * dense)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const pen = canvas.getContext("2d");
  pen?.setTransform(dense, 0, 0, dense, 0, 0);
  pen?.clearRect(0, 0, wide, high);
  return pen;
}

/** @param {HTMLCanvasElement} canvas @param {number} wide @param {number} high @param {PlanePicture} picture @param {Palette} colours */
export function drawPlane(canvas, wide, high, picture, colours) {
  const pen = sharpPen(canvas, wide, high), scale = planeScale(picture.ends, wide, high);
  if (!pen) return;
  drawAxes(pen, scale, picture.names, wide, high, colours);
  pen.save();
  pen.beginPath();
  pen.rect(PLANE_RIM.left, PLANE_RIM.top, wide - PLANE_RIM.left - PLANE_RIM.right, high - PLANE_RIM.top - PLANE_RIM.bottom);
  pen.clip();
  drawGrid(pen, picture.lines, scale, colours);
  drawRows(pen, picture.model, picture.places, scale, colours);
  if (picture.line) drawLine(pen, picture.line, scale, colours);
  pen.restore();
}
