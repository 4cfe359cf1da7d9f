/**
 * The rows as marks on the map: a shape and a colour per class, solid where trained on, hollow where held out.
 * @typedef {import("./protocol.js").Scene} Scene
 */
import { cssColour } from "./colours.js";
import { markPath } from "./previews.js";

/** Few points may be large; a thousand must let the map through. @param {number} count @param {number} side */
function markRadius(count, side) {
  const room = Math.min(side / 420, 1);
  return (count <= 300 ? 4.1 : count <= 700 ? 3.5 : 2.9) * (0.75 + 0.25 * room);
}

/**
 * @param {CanvasRenderingContext2D} pen @param {number} side in CSS pixels @param {Scene} scene
 * @param {import("./colours.js").Palette} colours @param {{held: boolean, values: Uint32Array}} options
 */
export function drawPoints(pen, side, scene, colours, { held, values }) {
  const places = scene.arrays?.get("places"), labels = scene.arrays?.get("labels"), isHeld = scene.arrays?.get("held");
  if (!places || !labels) return;
  const [x0, x1, y0, y1] = scene.window;
  const count = labels.length, radius = markRadius(count, side);
  const numbers = scene.task === "regression", [low, high] = scene.values ?? [0, 1];
  const paths = Array.from({ length: 6 }, (_, k) => new Path2D(markPath(numbers ? 0 : k, radius)));
  const hollow = Array.from({ length: 6 }, (_, k) => new Path2D(markPath(numbers ? 0 : k, radius - 0.4)));
  for (let k = 0; k < count; k++) {
    const out = Boolean(isHeld?.[k]);
    if (out && !held) continue;
    const x = (places[2 * k] - x0) / (x1 - x0) * side, y = (1 - (places[2 * k + 1] - y0) / (y1 - y0)) * side;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    // For a moment the rows may still be those of another task than the state's: a number is then no class.
    const label = labels[k], kind = Math.abs(Math.trunc(label)) || 0;
    const byte = Math.round(255 * Math.min(Math.max((label - low) / (high - low || 1), 0), 1)) || 0;
    const colour = numbers ? cssColour(values[byte]) : colours.classes[kind % colours.classes.length];
    const shape = numbers ? 0 : kind % 6;
    pen.translate(x, y);
    if (out && !numbers) drawHollow(pen, hollow[shape], colour, colours);
    else drawSolid(pen, paths[shape], colour, out ? colours.ink : colours.paper);
    pen.translate(-x, -y);
  }
}

/** A rim parts a mark from the map and from its neighbours, whatever colours meet: of paper, or of ink where numbers are held out.
 * @param {CanvasRenderingContext2D} pen @param {Path2D} path @param {string} colour @param {string} rim */
function drawSolid(pen, path, colour, rim) {
  pen.lineWidth = 2.4;
  pen.strokeStyle = rim;
  pen.stroke(path);
  pen.fillStyle = colour;
  pen.fill(path);
}

/** @param {CanvasRenderingContext2D} pen @param {Path2D} path @param {string} colour @param {import("./colours.js").Palette} colours */
function drawHollow(pen, path, colour, colours) {
  pen.lineWidth = 4;
  pen.strokeStyle = pen.fillStyle = colours.paper;
  pen.stroke(path);
  pen.fill(path);
  pen.lineWidth = 1.7;
  pen.strokeStyle = colour;
  pen.stroke(path);
}
