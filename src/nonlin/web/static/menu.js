/** A button that opens a small panel below itself; Escape and a press elsewhere close it, and the focus goes back. */
import { element } from "./element.js";
import { icon } from "./icons.js";
import { freshId } from "./fields.js";

/**
 * @param {{name: string, label: string, content: (Node | string)[], host: HTMLElement, align?: string, class?: string}} options
 * @returns {{root: HTMLElement, close: () => void}}
 */
export function createMenu({ name, label, content, host, align = "end", class: kind = "" }) {
  const id = freshId("menu");
  const panel = element("div", { class: `menu-panel menu-${align}`, id, hidden: true, role: "group", "aria-label": label }, ...content);
  const button = element("button", {
    type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": id, onclick: () => toggle(Boolean(panel.hidden)),
  }, icon(name), element("span", { class: "menu-word" }, label));
  const root = element("div", { class: `menu ${kind}`, onkeydown: (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    toggle(false);
    button.focus();
  } }, button, panel);

  /** @param {boolean} open */
  function toggle(open) {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  }
  host.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && event.target instanceof Node && !root.contains(event.target)) toggle(false);
  });
  root.addEventListener("focusout", (event) => {
    const to = /** @type {FocusEvent} */ (event).relatedTarget;
    if (to instanceof Node && !root.contains(to)) toggle(false);
  });
  return { root, close: () => toggle(false) };
}
