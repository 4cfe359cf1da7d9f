/**
 * Panels of which one shows at a time, as tabs: arrow keys walk along them, and the shown one is part of the view.
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {{id: string, label: string, part: import("./protocol.js").Part}} Tab
 */
import { element } from "./element.js";
import { freshId } from "./fields.js";

/** @param {import("./protocol.js").Context} context @param {Tab[]} tabs @returns {import("./protocol.js").Part} */
export function createTabs(context, tabs) {
  const base = freshId("tabs");
  const buttons = tabs.map(({ id, label }) => element("button", {
    type: "button", role: "tab", id: `${base}-${id}`, "aria-controls": `${base}-${id}-panel`, onclick: () => context.setView({ panel: id }) }, label));
  const panels = tabs.map(({ id, part }) => element("div", {
    role: "tabpanel", id: `${base}-${id}-panel`, "aria-labelledby": `${base}-${id}`, class: `panel panel-${id}`, hidden: true }, part.root));

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = (to + tabs.length) % tabs.length;
    context.setView({ panel: tabs[next].id });
    buttons[next].focus();
  }

  return {
    root: element("section", { class: "tabs", "aria-label": "Closer looks" },
      element("div", { class: "tab-list", role: "tablist", "aria-label": "Closer looks", onkeydown: walk }, ...buttons), ...panels),
    update(model) {
      const shown = Math.max(0, tabs.findIndex(({ id }) => id === model.view.panel));
      buttons.forEach((button, k) => {
        button.setAttribute("aria-selected", String(k === shown));
        button.tabIndex = k === shown ? 0 : -1;
        panels[k].hidden = k !== shown;
      });
      // A hidden panel costs nothing; it catches up when it is shown.
      tabs[shown].part.update(model);
    },
  };
}
