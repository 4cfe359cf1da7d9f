import { element, setText } from "./element.js";
import { freshId } from "./fields.js";

/**
 * The field in which one types a formula: checked while one types, the wrong character marked, Enter uses it.
 * @typedef {{check: (spec: string) => Promise<unknown>, use: (spec: string) => void}} FormulaActions
 */

const TYPING_PAUSE = 250; // milliseconds without a key before the formula is checked

/** The text again, with the character that was not understood marked. @param {string} text @param {number} position @returns {Node[]} */
function markedText(text, position) {
  const at = Math.min(Math.max(position, 0), text.length);
  return [document.createTextNode(text.slice(0, at)), element("mark", null, text[at] ?? " "), document.createTextNode(text.slice(at + 1))];
}

/** The message counts characters from 1. @param {string} message @returns {number | undefined} */
function wrongPlace(message) {
  const found = /at character (\d+)/.exec(message);
  return found ? Number(found[1]) - 1 : undefined;
}

/** @param {FormulaActions} actions */
export function createFormulaField(actions) {
  const id = freshId("formula"), saysId = freshId("formula-says");
  const field = element("input", { type: "text", id, class: "formula-input", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-describedby": saysId, oninput: typed });
  const button = element("button", { type: "submit", class: "use-formula" }, "Use it");
  const echo = element("code", { class: "formula-echo", hidden: true, "aria-hidden": "true" }), says = element("span", { class: "formula-message" });
  const message = element("p", { class: "formula-says", id: saysId, role: "status" }, says);
  const root = element("form", { class: "formula-field", onsubmit: submit }, element("label", { for: id }, "A name or a formula in z"),
    element("span", { class: "formula-row" }, field, button), echo, message);
  let timer = 0, applied = "", edited = false;

  /** @param {string} text @param {number | undefined} position */
  function refuse(text, position) {
    field.setAttribute("aria-invalid", "true");
    root.classList.add("wrong");
    setText(says, text);
    echo.hidden = position === undefined || position === null;
    if (position !== undefined && position !== null) echo.replaceChildren(...markedText(field.value.trim(), position));
  }

  /** @param {string} words */
  function accept(words) {
    field.removeAttribute("aria-invalid");
    root.classList.remove("wrong");
    echo.hidden = true;
    setText(says, words);
  }

  /** Checks what stands in the field now; a later text makes an older answer void. */
  async function check() {
    const text = field.value.trim();
    clearTimeout(timer);
    if (!text) return accept("For example z*tanh(softplus(z)), or z*sigmoid(beta*z);beta=1.5");
    try {
      await actions.check(text);
      if (text === field.value.trim()) accept(text === applied ? "" : "Understood. Enter uses it.");
      return true;
    } catch (problem) {
      const words = String(/** @type {any} */ (problem)?.message ?? problem);
      if (text === field.value.trim()) refuse(words, /** @type {any} */ (problem)?.position ?? wrongPlace(words));
    }
    return false;
  }

  function typed() {
    edited = true;
    clearTimeout(timer);
    timer = window.setTimeout(check, TYPING_PAUSE);
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || !await check() || text !== field.value.trim()) return;
    edited = false;
    applied = text;
    actions.use(text);
    accept("");
  }

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !edited) return;
    event.stopPropagation();
    edited = false;
    field.value = applied;
    void check();
  });

  return {
    root,
    /** What the layer has now, unless someone is typing another. @param {string} spec @param {boolean} [force] */
    show(spec, force = false) {
      if ((edited && !force) || spec === applied) return;
      applied = spec;
      edited = false;
      field.value = spec;
      clearTimeout(timer);
      accept("");
    },
    isEdited: () => edited,
  };
}
