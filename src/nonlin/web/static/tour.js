/**
 * The tour: six steps of one story. Each sets the page up, says what happens and where to look; the card stands in the flow of
 * the page, so that it hides nothing.
 * @typedef {import("./protocol.js").Model} Model
 */
import { createClassics } from "./catalogue.js";
import { element, rebuild, setText } from "./element.js";
import { readAddress } from "./address.js";
import { icon } from "./icons.js";

/** @param {import("./protocol.js").Context} context @returns {import("./protocol.js").Part & {toggle: () => void}} */
export function createTour(context) {
  let model = /** @type {Model | null} */ (null), applied = 0;
  // A bare link to a step (#tour=3) sets the page up; one with settings of its own has been set up already.
  let isBare = context.page && Object.keys(readAddress(location.hash).settings).length === 0;
  const title = element("h2", { tabindex: "-1", class: "tour-title" });
  const words = element("div", { class: "tour-words" }), look = element("p", { class: "tour-look" });
  const dots = element("ol", { class: "tour-steps", "aria-label": "Steps of the tour" });
  const back = element("button", { type: "button", class: "quiet", onclick: () => go(now() - 1) }, icon("back"), element("span", null, "Back"));
  const next = element("button", { type: "button", class: "solid", onclick: () => (now() < steps().length ? go(now() + 1) : close()) });
  const shut = element("button", { type: "button", class: "quiet tour-close", "aria-label": "Close the tour", title: "Close the tour", onclick: () => close() }, icon("close"));
  const cards = createClassics(context);
  const root = element("aside", { class: "tour", "aria-label": "Tour", hidden: true },
    element("div", { class: "tour-name" }, dots, title), element("div", { class: "tour-text" }, words, cards.root),
    element("div", { class: "tour-side" }, look, element("div", { class: "tour-ways" }, back, next)), shut);

  const steps = () => model?.hello?.tour ?? [];
  const now = () => model?.view.tour ?? 0;

  /** Shows a step and sets the page up as it says. @param {number} step from 1 */
  function go(step) {
    const { settings, view } = steps()[step - 1] ?? {};
    if (!settings) return;
    const { play, cards: _, ...rest } = view ?? {};
    context.send({ do: "set", values: settings });
    if (play !== undefined) context.send({ do: play ? "play" : "pause" });
    applied = step;
    context.setView({ discretise: false, focus: null, ...rest, tour: step });
    title.focus({ preventScroll: true });
    if (root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
  }

  function close() {
    context.setView({ tour: null });
    context.announce("The tour is closed.");
  }

  /** @param {import("./protocol.js").TourStep} step @param {number} k */
  const dot = (step, k) => element("li", null, element("button", {
    type: "button", class: "tour-dot", "aria-label": `Step ${k + 1}: ${step.title}`, title: step.title, onclick: () => go(k + 1) }, String(k + 1)));

  return {
    root,
    toggle: () => (now() ? close() : go(applied || 1)),
    update(latest) {
      model = latest;
      const step = steps()[now() - 1];
      root.hidden = !step;
      if (!step && now() && steps().length) context.setView({ tour: null }); // a link to a step that there is not
      if (!step || !model.state) return;
      if (isBare && !applied) go(now());
      isBare = false;
      rebuild(dots, JSON.stringify(steps().map((one) => one.title)), () => steps().map(dot));
      dots.querySelectorAll("button").forEach((button, k) => {
        if (k + 1 === now()) button.setAttribute("aria-current", "step");
        else button.removeAttribute("aria-current");
      });
      setText(title, step.title);
      rebuild(words, step.title, () => step.words.map((text) => element("p", null, text)));
      rebuild(look, step.title, () => [element("strong", null, "What to look at"), step.look]);
      rebuild(next, String(now() === steps().length), () => [element("span", null, now() === steps().length ? "Explore freely" : "Next"), icon("next")]);
      back.disabled = now() === 1;
      cards.root.hidden = !step.view?.cards;
      if (!cards.root.hidden) cards.update(latest);
    },
  };
}
