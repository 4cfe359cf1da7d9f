/**
 * The colours of the page, read from its style sheet, and the tables that turn a map's bytes into pixels.
 * @typedef {{dark: boolean, ink: string, soft: string, paper: string, panel: string, rule: string, neutral: string,
 *   low: string, high: string, classes: string[]}} Palette
 */

/** How far a map's end goes towards the full colour: the points, in full colour, must stand out from it. */
const DEPTH = 0.64;

/** Anchors of viridis, as in nonlin's figures: lightness rises evenly. */
const SEQUENCE = ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"];

/** @param {HTMLElement} host @returns {Palette} */
export function palette(host) {
  const style = getComputedStyle(host);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const classes = Array.from({ length: 10 }, (_, k) => read(`--class${k}`));
  const low = read("--low"), high = read("--high"), neutral = read("--neutral");
  return {
    dark: read("--dark") === "1", ink: read("--ink"), soft: read("--soft"), paper: read("--paper"),
    panel: read("--panel"), rule: read("--rule"), neutral, low, high, classes,
  };
}

/** @param {string} text "#rrggbb" @returns {[number, number, number]} */
export function channels(text) {
  const value = Number.parseInt(text.slice(1, 7), 16) || 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @param {string} from @param {string} to @param {number} share @returns {[number, number, number]} */
export function mixed(from, to, share) {
  const a = channels(from), b = channels(to);
  const at = (/** @type {number} */ k) => Math.round(a[k] + (b[k] - a[k]) * share);
  return [at(0), at(1), at(2)];
}

/** One pixel as ImageData keeps it on a little-endian machine. @param {number[]} rgb @returns {number} */
export function pixel(rgb) {
  return (255 << 24 | rgb[2] << 16 | rgb[1] << 8 | rgb[0]) >>> 0;
}

/** Byte 0 = low, 128 = neutral, 255 = high. @param {Palette} colours @returns {Uint32Array} */
export function divergingTable(colours) {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const side = (byte - 128) / (byte < 128 ? 128 : 127);
    return pixel(mixed(colours.neutral, side < 0 ? colours.low : colours.high, DEPTH * Math.abs(side)));
  });
}

/** Byte 0 = dark violet … 255 = yellow, for numbers without a middle. @returns {Uint32Array} */
export function sequentialTable() {
  const last = SEQUENCE.length - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const place = byte / 255 * last, k = Math.min(Math.floor(place), last - 1);
    return pixel(mixed(SEQUENCE[k], SEQUENCE[k + 1], place - k));
  });
}

/** Neutral … one class's colour, by the class's share. @param {Palette} colours @param {number} k @returns {Uint32Array} */
export function classTable(colours, k) {
  return Uint32Array.from({ length: 256 }, (_, byte) =>
    pixel(mixed(colours.neutral, colours.classes[k % colours.classes.length], DEPTH * byte / 255)));
}

/** @param {number} value a pixel of a table @returns {string} */
export function cssColour(value) {
  return `rgb(${value & 255}, ${(value >> 8) & 255}, ${(value >> 16) & 255})`;
}

/**
 * Writes a square map (row 0 at the bottom) into a canvas of the same number of pixels; CSS scales it.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values @param {number} size @param {Uint32Array} table
 */
export function paintMap(canvas, values, size, table) {
  if (canvas.width !== size || canvas.height !== size) canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen || values.length < size * size) return;
  const image = pen.createImageData(size, size);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < size; row++) {
    const from = row * size, to = (size - 1 - row) * size;
    for (let k = 0; k < size; k++) pixels[to + k] = table[values[from + k]];
  }
  pen.putImageData(image, 0, 0);
}
