import { element, setText } from "./element.js";
import { readable } from "./protocol.js";

/**
 * The number behind a link: it follows the frames while the pointer rests there, and a click edits it in its place.
 *
 * @typedef {import("./links.js").Link} Link
 * @typedef {{edit: (link: Link, value: number) => void, name: (link: Link) => string}} WeightActions
 */

const TIP_HALF = 74, TIP_HIGH = 64;

/** Places a note above the pointer, or under it near the upper edge. @param {HTMLElement} board @param {HTMLElement} note @param {{clientX: number, clientY: number}} pointer */
function placeNote(board, note, pointer) {
  const frame = board.getBoundingClientRect();
  const x = Math.min(Math.max(pointer.clientX - frame.left, TIP_HALF), Math.max(frame.width - TIP_HALF, TIP_HALF));
  const y = pointer.clientY - frame.top;
  note.classList.toggle("under", y < TIP_HIGH);
  note.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/** @param {string} name @param {number} value @param {(value: number) => void} use @returns {HTMLFormElement} */
function weightForm(name, value, use) {
  const field = element("input", { type: "number", step: "any", value: value.toFixed(3), "aria-label": name });
  const form = element("form", { class: "weight-note editing" }, element("span", { class: "note-body" }, element("span", { class: "tip-name" }, name), field));
  // Leaving the field is what closes the form: removing it while it has the focus would come back here as a blur.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (Number.isFinite(field.valueAsNumber)) use(field.valueAsNumber);
    field.blur();
  });
  field.addEventListener("blur", () => setTimeout(() => form.remove()));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") field.blur();
  });
  return form;
}

/** @param {HTMLElement} board @param {import("./links.js").Links} links @param {WeightActions} actions */
export function createWeightTip(board, links, actions) {
  const name = element("span", { class: "tip-name" }), number = element("span", { class: "tip-value" });
  const root = element("div", { class: "weight-note", hidden: true }, element("span", { class: "note-body" }, name, number));
  let hovered = /** @type {Link | null} */ (null);

  /** @param {Link | null} link */
  function hover(link) {
    if (hovered === link) return;
    for (const [which, on] of /** @type {const} */ ([[hovered, false], [link, true]])) which?.line?.classList.toggle("hovered", on);
    hovered = link;
    root.hidden = !link;
    if (link) setText(name, actions.name(link));
    update();
  }

  function update() {
    if (hovered) setText(number, readable(links.valueOf(hovered)));
  }

  /** @param {Link} link @param {PointerEvent | MouseEvent} pointer */
  function edit(link, pointer) {
    const form = weightForm(actions.name(link), links.valueOf(link), (value) => actions.edit(link, value));
    board.append(form);
    placeNote(board, form, pointer);
    hover(null);
    const field = form.querySelector("input");
    field?.focus();
    field?.select();
  }

  board.addEventListener("pointermove", (event) => {
    hover(board.querySelector(".weight-note.editing") ? null : links.linkAt(event.target));
    if (hovered) placeNote(board, root, event);
  });
  board.addEventListener("pointerleave", () => hover(null));
  board.addEventListener("click", (event) => {
    const link = links.linkAt(event.target);
    if (link) edit(link, event);
  });
  return { root, update, forget: () => hover(null) };
}
