import { sameSpot, setTabStop, spotOf, unitTowards } from "./units.js";

/**
 * Which unit one looks at: the one under the pointer for a moment, or the one that was chosen until it is let go.
 *
 * @typedef {import("./units.js").Spot} Spot
 * @typedef {import("./units.js").Units} Units
 * @typedef {{units: () => Units, look: () => void, enter: () => void}} GazeActions
 * @typedef {ReturnType<typeof createGaze>} Gaze
 */

/** @param {HTMLElement} board @param {GazeActions} actions */
export function createGaze(board, { units, look, enter }) {
  let hovered = /** @type {Spot | null} */ (null), kept = /** @type {Spot | null} */ (null);
  let keptBefore = /** @type {Spot | null} */ (null);

  /** @param {Spot | null} spot */
  function keep(spot) {
    kept = spot;
    for (const unit of units().flat()) unit?.button.setAttribute("aria-pressed", String(sameSpot(unit, spot)));
    look();
  }

  /** @param {Spot | null} spot */
  function hover(spot) {
    if (sameSpot(spot, hovered)) return;
    hovered = spot;
    look();
  }

  /** Back to the output, with the focus on the unit that was chosen. */
  function leave() {
    const last = kept;
    if (last) units()[last.column]?.[last.place]?.button.focus();
    keep(null);
  }

  /** After the columns are new: the chosen unit stays chosen if there is still such a one. */
  function renew() {
    hovered = null;
    if (kept && !units()[kept.column]?.[kept.place]) kept = null;
    setTabStop(units(), kept);
    keep(kept);
  }

  /** @param {KeyboardEvent} event */
  function steer(event) {
    const spot = spotOf(event.target), next = spot && unitTowards(units(), spot, event.key);
    if (next) next.button.focus();
    else if (spot && event.key === "Escape") keep(null);
    else if (spot && event.key === "Enter") {
      keep(spot);
      enter();
    } else return;
    event.preventDefault();
  }

  board.addEventListener("pointerover", (event) => hover(event.pointerType === "touch" ? null : spotOf(event.target)));
  board.addEventListener("pointerleave", () => hover(null));
  // A press gives the focus, and the focus keeps: only what was kept before the press can be let go by it.
  board.addEventListener("pointerdown", () => { keptBefore = kept; });
  board.addEventListener("focusin", (event) => {
    const spot = spotOf(event.target);
    if (spot) {
      setTabStop(units(), spot);
      keep(spot);
    }
  });
  board.addEventListener("click", (event) => {
    const spot = spotOf(event.target);
    if (spot) keep(event.detail > 0 && sameSpot(spot, keptBefore) ? null : spot);
  });
  board.addEventListener("keydown", steer);

  return { keep, leave, renew, kept: () => kept, spot: () => hovered ?? kept, chosen: () => kept ?? hovered };
}
