import { createGlyph } from "./curves.js";
import { element, setText } from "./element.js";
import { freshId } from "./fields.js";

/**
 * The catalogue of activations: the classic eight as cards, all others by family, searchable by name, alias and formula.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {{name: string, formula: string, aliases: string[], params: Record<string, number>, used_in: string, classic: boolean}} Entry
 * @typedef {{root: HTMLElement, entry: Entry, glyph: import("./curves.js").Glyph}} Choice
 * @typedef {{root: HTMLElement, update: (model: Model) => void, mark: (name: string) => void, focus: () => void}} CatalogueView
 */

/** One question for all the menus of a page, however often it opens. @type {WeakMap<Context, string>} */
const askedInSessions = new WeakMap();

/** Asks for the catalogue once; it comes with the model. @param {Context} context @param {Model} model */
export function wantCatalogue(context, model) {
  const session = model.hello?.session ?? "";
  if (model.catalogue || !model.hello || askedInSessions.get(context) === session) return;
  askedInSessions.set(context, session);
  context.send({ do: "catalogue" });
}

/** @param {Entry} entry @param {string} words @returns {boolean} */
function matches(entry, words) {
  const text = [entry.name, entry.name.replaceAll("_", " "), ...entry.aliases, entry.formula, entry.used_in].join(" ").toLowerCase();
  return words.split(/\s+/).every((word) => text.includes(word));
}

/** @param {string} name @returns {string} "leaky_relu" as people write it */
export function spokenName(name) {
  return name.replaceAll("_", " ");
}

/** @param {Context} context @param {Entry} entry @param {(spec: string) => void} choose @returns {Choice} */
function classicCard(context, entry, choose) {
  const glyph = createGlyph(context);
  const root = element("button", { type: "button", class: "classic-card", title: entry.formula, dataset: { name: entry.name }, onclick: () => choose(entry.name) },
    glyph.root, element("span", { class: "card-name" }, spokenName(entry.name)));
  return { root, entry, glyph };
}

/** @param {Context} context @param {Entry} entry @returns {Choice} */
function option(context, entry) {
  const glyph = createGlyph(context);
  const root = element("div", { class: "catalogue-option", role: "option", tabindex: "-1", "aria-selected": "false", title: entry.formula, dataset: { name: entry.name } },
    glyph.root, element("span", { class: "option-name" }, spokenName(entry.name)), element("span", { class: "option-formula" }, entry.formula));
  return { root, entry, glyph };
}

/** Heights of all curves come with the catalogue; without them each choice asks for its own when it is first seen. @param {any} catalogue @returns {Map<string, ArrayLike<number>>} */
function glyphHeights(catalogue) {
  const heights = catalogue.arrays?.get("glyphs"), points = heights?.shape[1] ?? 0;
  const names = catalogue.families.flatMap((/** @type {{activations: Entry[]}} */ family) => family.activations.map((entry) => entry.name));
  return new Map(heights ? names.map((/** @type {string} */ name, /** @type {number} */ k) => [name, heights.subarray(k * points, (k + 1) * points)]) : []);
}

/** @param {HTMLElement} box @param {Choice[]} choices */
function drawWhenSeen(box, choices) {
  const byNode = new Map(choices.map((choice) => [/** @type {Element} */ (choice.root), choice]));
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const choice = byNode.get(target);
      if (!isIntersecting || !choice) continue;
      watch.unobserve(target);
      choice.glyph.show(choice.entry.name);
    }
  }, { root: box.ownerDocument });
  for (const { root } of choices) watch.observe(root);
}

/** @param {Context} context @param {(spec: string) => void} choose called with the name of the chosen one @returns {CatalogueView} */
export function createCatalogue(context, choose) {
  const searchId = freshId("search"), listId = freshId("catalogue");
  const search = element("input", { type: "search", id: searchId, autocomplete: "off", spellcheck: "false", placeholder: "mish, tanh(z), YOLO …", oninput: filter });
  const classics = element("div", { class: "classics", role: "group", "aria-label": "The classic eight" });
  const list = element("div", { class: "catalogue-list", role: "listbox", "aria-label": "All activations by family", tabindex: "-1", id: listId });
  const none = element("p", { class: "catalogue-none", hidden: true, role: "status" });
  const root = element("div", { class: "catalogue" }, classics,
    element("div", { class: "catalogue-search" }, element("label", { for: searchId }, "Search the catalogue"), search), none, list);
  let choices = /** @type {Choice[]} */ ([]), cards = /** @type {Choice[]} */ ([]);
  let built = false, marked = "";

  const visible = () => choices.filter(({ root: node }) => !node.hidden);

  /** @param {Choice | undefined} choice */
  function makeStop(choice) {
    for (const { root: node } of choices) node.tabIndex = node === choice?.root ? 0 : -1;
  }

  function filter() {
    const words = search.value.trim().toLowerCase();
    for (const choice of choices) choice.root.hidden = words !== "" && !matches(choice.entry, words);
    for (const group of list.children) /** @type {HTMLElement} */ (group).hidden = !group.querySelector("[role=option]:not([hidden])");
    const found = visible();
    classics.hidden = words !== "";
    none.hidden = found.length > 0;
    setText(none, found.length ? "" : `Nothing in the catalogue matches “${search.value.trim()}”. It may be a formula: type it above.`);
    makeStop(found.find(({ entry }) => entry.name === marked) ?? found[0]);
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const found = visible(), at = found.findIndex(({ root: node }) => node === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") choose(found[at]?.entry.name ?? found[0]?.entry.name);
    else if (to === undefined) return;
    else if (to < 0) search.focus();
    else found[to]?.root.focus();
    event.preventDefault();
    event.stopPropagation();
    makeStop(found[to ?? at] ?? found[at]);
  }

  /** @param {any} catalogue */
  function build(catalogue) {
    built = true;
    const groups = catalogue.families.map((/** @type {{name: string, activations: Entry[]}} */ family) => {
      const id = freshId("family"), options = family.activations.map((entry) => option(context, entry));
      choices.push(...options);
      return element("div", { role: "group", "aria-labelledby": id, class: "family" },
        element("div", { class: "family-name", id, role: "presentation" }, family.name), ...options.map((choice) => choice.root));
    });
    list.replaceChildren(...groups);
    cards = choices.filter(({ entry }) => entry.classic).map(({ entry }) => classicCard(context, entry, choose));
    classics.replaceChildren(...cards.map((card) => card.root));
    const heights = glyphHeights(catalogue);
    for (const { glyph, entry } of [...choices, ...cards]) {
      const known = heights.get(entry.name);
      if (known) glyph.draw(known);
    }
    if (!heights.size) drawWhenSeen(list, [...choices, ...cards]);
    filter();
    mark(marked);
  }

  /** @param {string} name */
  function mark(name) {
    marked = name;
    for (const { root: node, entry } of choices) node.setAttribute("aria-selected", String(entry.name === name));
    for (const { root: node, entry } of cards) node.setAttribute("aria-pressed", String(entry.name === name));
  }

  list.addEventListener("click", (event) => {
    const chosen = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (chosen instanceof HTMLElement && chosen.dataset.name) choose(chosen.dataset.name);
  });
  list.addEventListener("keydown", walk);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || (event.key === "Enter" && search.value.trim())) walk(event);
  });
  return {
    root, mark, focus: () => search.focus(),
    update(model) {
      wantCatalogue(context, model);
      if (model.catalogue && !built) build(model.catalogue);
    },
  };
}
