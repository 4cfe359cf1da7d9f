import { paintMap } from "./colours.js";
import { element } from "./element.js";

/**
 * A unit: a button that shows the unit's heat map, with its bias as a mark at the corner; and the arrow keys' ways.
 *
 * @typedef {{column: number, place: number}} Spot
 * @typedef {Spot & {root: HTMLElement, button: HTMLButtonElement, canvas: HTMLCanvasElement, bias: HTMLElement | null,
 *   painted: string}} Unit
 * @typedef {(Unit | undefined)[][]} Units
 */

/** @param {Spot} spot @param {string} name @param {boolean} biased @param {string | null} [caption] @returns {Unit} */
export function createUnit({ column, place }, name, biased, caption = null) {
  const canvas = element("canvas", { width: 1, height: 1, "aria-hidden": "true" });
  const at = { column, place };
  const button = element("button", {
    type: "button", class: "unit", tabindex: "-1", "aria-label": name, "aria-pressed": "false",
    dataset: { ...at, key: `unit-${column}-${place}` },
  }, canvas);
  const bias = biased ? element("span", { class: "bias", "aria-hidden": "true", dataset: at }) : null;
  const root = element("span", { class: "unit-cell" }, button, bias, caption && element("span", { class: "unit-caption", title: caption }, caption));
  return { column, place, root, button, canvas, bias, painted: "" };
}

/** Paints a byte map unless the same one is there already. @param {Unit} unit @param {ArrayLike<number>} values @param {number} size @param {Uint32Array} table @param {string} stamp */
export function paintUnit(unit, values, size, table, stamp) {
  if (unit.painted === stamp) return;
  unit.painted = stamp;
  paintMap(unit.canvas, values, size, table);
}

/** @param {EventTarget | null} target @returns {Spot | null} */
export function spotOf(target) {
  const button = target instanceof Element ? target.closest(".unit") : null;
  if (!(button instanceof HTMLElement)) return null;
  return { column: Number(button.dataset.column), place: Number(button.dataset.place) };
}

/** @param {Spot | null} a @param {Spot | null} b */
export function sameSpot(a, b) {
  return a === b || (a !== null && b !== null && a.column === b.column && a.place === b.place);
}

/** @param {Unit} unit @returns {number} */
function middle(unit) {
  return unit.button.getBoundingClientRect().top;
}

/** @param {(Unit | undefined)[] | undefined} column @returns {Unit[]} */
function present(column) {
  return /** @type {Unit[]} */ ((column ?? []).filter(Boolean));
}

/** The unit that an arrow key leads to: left and right to the nearest one of the next column, up and down within it. @param {Units} units @param {Spot} from @param {string} key @returns {Unit | null} */
export function unitTowards(units, from, key) {
  const here = units[from.column]?.[from.place];
  if (!here) return null;
  const column = present(units[from.column]), at = column.indexOf(here);
  if (key === "ArrowUp" || key === "ArrowDown") return column[at + (key === "ArrowUp" ? -1 : 1)] ?? null;
  if (key === "Home" || key === "End") return column.at(key === "Home" ? 0 : -1) ?? null;
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const next = present(units[from.column + (key === "ArrowLeft" ? -1 : 1)]), height = middle(here);
  const [nearest] = next.sort((a, b) => Math.abs(middle(a) - height) - Math.abs(middle(b) - height));
  return nearest ?? null;
}

/** Exactly one unit is a stop of the Tab key; the arrow keys reach the others. @param {Units} units @param {Spot | null} stop */
export function setTabStop(units, stop) {
  const all = units.flatMap(present);
  const chosen = all.find((unit) => sameSpot(unit, stop)) ?? all[0];
  for (const unit of all) unit.button.tabIndex = unit === chosen ? 0 : -1;
}

/** A bias is a small square: as large as it is strong, full where positive, hollow where negative. @param {Unit} unit @param {number} value */
export function showBias(unit, value) {
  if (!unit.bias) return;
  const size = String(Math.round(4 + 6 * Math.abs(value) / (Math.abs(value) + 1)) || 4);
  const kind = value < 0 ? "bias negative" : "bias";
  if (unit.bias.dataset.size !== size) {
    unit.bias.dataset.size = size;
    unit.bias.style.width = unit.bias.style.height = `${size}px`;
  }
  if (unit.bias.className !== kind) unit.bias.className = kind;
}
