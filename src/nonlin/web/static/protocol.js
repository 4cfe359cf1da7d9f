/**
 * What the server and the page say to each other, as types, and the arrays behind a binary message.
 *
 * @typedef {{value: any, label: string, task?: string | null}} Choice
 * @typedef {{key: string, label: string, help: string, kind: "choice" | "number" | "integer" | "numbers" | "text" | "list" | "names" | "flag",
 *   choices?: Choice[], min?: number, max?: number, default: any, task?: string | null, place: string}} Setting
 * @typedef {{title: string, words: string[], look: string, settings: Record<string, any>, view: Record<string, any>}} TourStep
 * @typedef {{name: string, title: string, task?: string, plane?: boolean}} DataSet
 * @typedef {{version: string, session: string, schema: Setting[], tour: TourStep[], sets: DataSet[],
 *   limits: Record<string, any>}} Hello
 * @typedef {{spec: string, name: string, formula: string, params: Record<string, number>}} UsedActivation
 * @typedef {{widths: number[], activations: UsedActivation[], shown: number[][], outputs: number, parameters: number}} Net
 * @typedef {{name: string, label: string, used: boolean}} Input
 * @typedef {{name: string, title: string, task: string, classes: string[], target: string, train: number, held: number,
 *   rows: number, columns: string[], axes: string[], axis_labels: string[], inputs: Input[], window: number[],
 *   values: number[] | null, note: string, notes: string[], drawable: boolean, file: string | null,
 *   targets: string[] | null, arrays?: Arrays}} Scene
 * @typedef {{settings: Record<string, any>, running: boolean, epoch: number, nets: Net[], scene: Scene}} State
 * @typedef {{train_loss: number, held_loss: number, train_score: number, held_score: number, score_name: string,
 *   confusion: number[][] | null, scales: number[][], layers: any[]}} NetFrame
 * @typedef {{frame: number, epoch: number, running: boolean, rate: number, nets: NetFrame[], milliseconds: number,
 *   curve_from?: number, arrays: Arrays}} Frame
 * @typedef {{families: {name: string, activations: {name: string, formula: string, aliases: string[],
 *   params: Record<string, number>, used_in: string, classic: boolean}[]}[]}} Catalogue
 *
 * @typedef {(Uint8Array | Float32Array) & {shape: number[]}} Shaped
 * @typedef {Map<string, Shaped>} Arrays
 * @typedef {Record<string, any>} Content
 * @typedef {{content: Content, arrays: Arrays, bytes: Uint8Array | null}} Answer
 *
 * @typedef {{discretise: boolean, held: boolean, panel: string, tour: number | null, hide: string[], log: boolean, keys: boolean,
 *   focus: any[] | null, layer: number, pair: number[], tool: string | number}} View
 * @typedef {{hello: Hello | null, state: State | null, scene: any, frame: Frame | null, catalogue: Catalogue | null,
 *   view: View, history: number[][], connection: string, refusal: {key: string, message: string} | null,
 *   wanted: () => Record<string, any>}} Model the settings that are `wanted` are those of the state, and what is on its way
 * @typedef {{send: (content: Content, buffer?: ArrayBuffer | null) => void,
 *   ask: (content: Content, buffer?: ArrayBuffer | null) => Promise<Answer>,
 *   setView: (patch: Partial<View>) => void, announce: (text: string) => void, toast: (text: string) => void,
 *   host: HTMLElement, page: boolean}} Context
 * @typedef {{root: HTMLElement, update: (model: Model) => void}} Part
 */

/** The view that a page without a hash opens with. @type {View} */
export const FIRST_VIEW = {
  discretise: false, held: true, panel: "activation", tour: null, hide: [], log: false, keys: true,
  focus: null, layer: 0, pair: [0, 1], tool: "look",
};

const ITEM_BYTES = /** @type {Record<string, number>} */ ({ u1: 1, f4: 4 });

/** @param {DataView | ArrayBuffer | Uint8Array | null | undefined} buffer @returns {Uint8Array | null} */
function bytesOf(buffer) {
  if (!buffer) return null;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** @param {Uint8Array} bytes @param {string} dtype @param {number} from @param {number} count @returns {Uint8Array | Float32Array} */
function arrayAt(bytes, dtype, from, count) {
  const start = bytes.byteOffset + from;
  if (dtype === "u1") return new Uint8Array(bytes.buffer, start, count);
  // A notebook's buffer may start anywhere; numbers must start at a multiple of four.
  return start % 4 === 0 ? new Float32Array(bytes.buffer, start, count) : new Float32Array(bytes.slice(from, from + 4 * count).buffer);
}

/**
 * The arrays that `content.parts` lists, each starting at a multiple of eight bytes.
 * @param {Content} content @param {DataView | ArrayBuffer | Uint8Array | null | undefined} buffer @returns {Answer}
 */
export function unpack(content, buffer) {
  const arrays = /** @type {Arrays} */ (new Map());
  const bytes = bytesOf(buffer);
  let from = 0;
  for (const part of bytes ? content.parts ?? [] : []) {
    const count = part.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const array = arrayAt(/** @type {Uint8Array} */ (bytes), part.dtype, from, count);
    arrays.set(part.name, /** @type {Shaped} */ (Object.assign(array, { shape: part.shape })));
    from += Math.ceil(count * ITEM_BYTES[part.dtype] / 8) * 8;
  }
  return { content, arrays, bytes };
}

/** A number as a person reads it; a missing or infinite one as a dash. @param {any} value @param {number} [digits] @returns {string} */
export function readable(value, digits = 3) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  const text = size >= 100 ? value.toFixed(0) : size >= 1 ? value.toFixed(Math.max(digits - 1, 0)) : value.toFixed(digits);
  return text.replace("-", "−");
}

const COUNTS = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** @param {any} value @returns {string} a count with thin groups of three */
export function counted(value) {
  return typeof value === "number" && Number.isFinite(value) ? COUNTS.format(value) : "–";
}
