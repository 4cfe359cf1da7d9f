/**
 * Where a map crosses its level, to a fraction of a cell (marching squares), and the map behind the unit step.
 * All places are shares of the map's side: (0, 0) is the top left, as a canvas counts.
 */

/** ln(p / (1 − p)) of a byte: the net input of a sigmoid output, which is far straighter between two cells than its probability. */
const LOGIT = Float32Array.from({ length: 256 }, (_, byte) => Math.log((byte + 0.5) / (255.5 - byte)));

/** Edges that a cell's contour joins, by which corners lie above: bits 1 = left below, 2 = right below, 4 = right above, 8 = left above;
 * edges 0 = below, 1 = right, 2 = above, 3 = left. */
const JOINS = [[], [3, 0], [0, 1], [3, 1], [1, 2], [3, 2, 0, 1], [0, 2], [3, 2], [2, 3], [0, 2], [3, 0, 1, 2], [1, 2], [1, 3], [0, 1], [3, 0], []];

/** @param {ArrayLike<number>} values bytes whose level is 127.5 @param {number} size @returns {Float32Array} */
export function logitField(values, size) {
  const field = new Float32Array(size * size);
  for (let k = 0; k < field.length; k++) field[k] = LOGIT[values[k]];
  return field;
}

/** @param {ArrayLike<number>} values @param {number} size @param {number} level @returns {Float32Array} */
export function shiftedField(values, size, level) {
  const field = new Float32Array(size * size);
  for (let k = 0; k < field.length; k++) field[k] = values[k] - level;
  return field;
}

/** Positive where class k wins, by its share, and negative where another does. @param {ArrayLike<number>} winners
 * @param {ArrayLike<number>} shares @param {number} size @param {number} k @returns {Float32Array} */
export function classField(winners, shares, size, k) {
  const field = new Float32Array(size * size);
  for (let i = 0; i < field.length; i++) field[i] = (winners[i] === k ? 1 : -1) * (shares[i] + 1);
  return field;
}

/**
 * A field smoothed by the weights 1, 2, 1 along both sides: bytes make stairs where it is flat or clipped.
 * @param {Float32Array} field @param {number} size @returns {Float32Array}
 */
export function smoothed(field, size) {
  const once = new Float32Array(field.length), twice = new Float32Array(field.length), last = size - 1;
  for (let k = 0; k < field.length; k++) {
    const column = k % size;
    once[k] = (field[k - (column > 0 ? 1 : 0)] + 2 * field[k] + field[k + (column < last ? 1 : 0)]) / 4;
  }
  for (let k = 0; k < field.length; k++) {
    const row = Math.floor(k / size);
    twice[k] = (once[k - (row > 0 ? size : 0)] + 2 * once[k] + once[k + (row < last ? size : 0)]) / 4;
  }
  return twice;
}

/** @param {number} a @param {number} b @returns {number} where a line from a to b crosses zero */
const crossing = (a, b) => a / (a - b);

/**
 * The zero line of a field of size × size points from edge to edge, row 0 at the bottom, as pairs of ends: x, y, x, y …
 * @param {Float32Array} field @param {number} size @returns {number[]}
 */
export function zeroLine(field, size) {
  const ends = /** @type {number[]} */ ([]);
  for (let row = 0; row < size - 1; row++) {
    for (let column = 0; column < size - 1; column++) {
      const k = row * size + column;
      const a = field[k], b = field[k + 1], c = field[k + size + 1], d = field[k + size];
      const kind = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      for (const edge of JOINS[kind]) {
        const x = edge === 0 ? crossing(a, b) : edge === 1 ? 1 : edge === 2 ? crossing(d, c) : 0;
        const y = edge === 0 ? 0 : edge === 1 ? crossing(b, c) : edge === 2 ? 1 : crossing(a, d);
        ends.push((column + x) / (size - 1), 1 - (row + y) / (size - 1));
      }
    }
  }
  return ends;
}

/** @param {number[]} ends @param {number} side the picture's side in pixels @returns {Path2D} */
export function pathOf(ends, side) {
  const path = new Path2D();
  for (let k = 0; k + 3 < ends.length; k += 4) {
    path.moveTo(ends[k] * side, ends[k + 1] * side);
    path.lineTo(ends[k + 2] * side, ends[k + 3] * side);
  }
  return path;
}

/** @param {number} k @param {number} size @param {number} factor @returns {[number, number]} lower cell and share, at the k-th fine place */
function between(k, size, factor) {
  const place = Math.min(Math.max((k + 0.5) / factor - 0.5, 0), size - 1);
  const low = Math.min(Math.floor(place), size - 2);
  return [low, place - low];
}

/**
 * The unit step of a field: a map of 0 and 255 with `factor` times as many cells, so that its edge is as fine as the contour.
 * @param {Float32Array} field @param {number} size @param {number} factor @returns {Uint8Array}
 */
export function stepped(field, size, factor) {
  const fine = size * factor, bytes = new Uint8Array(fine * fine);
  const places = Array.from({ length: fine }, (_, k) => between(k, size, factor));
  for (let row = 0; row < fine; row++) {
    const [below, up] = places[row], from = below * size;
    for (let column = 0; column < fine; column++) {
      const [left, right] = places[column], k = from + left;
      const low = field[k] + (field[k + 1] - field[k]) * right;
      const high = field[k + size] + (field[k + size + 1] - field[k + size]) * right;
      bytes[row * fine + column] = low + (high - low) * up > 0 ? 255 : 0;
    }
  }
  return bytes;
}
