import { createGlyph, keepGlyphs } from "./curves.js";
import { element, setText } from "./element.js";
import { freshId } from "./fields.js";

/**
 * The catalogue of activations: the classic eight as cards, all others by family, searchable by name, alias and formula.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {{name: string, formula: string, aliases: string[], params: Record<string, number>, used_in: string, classic: boolean}} Entry
 * @typedef {{root: HTMLElement, entry: Entry}} Choice
 * @typedef {{root: HTMLElement, update: (model: Model) => void, mark: (name: string) => void, focus: () => void}} CatalogueView
 */

/** One question for all the menus of a page, however often it opens. @type {WeakMap<Context, any>} */
const catalogueAsked = new WeakMap();

/** @param {any} catalogue @param {import("./protocol.js").Arrays | undefined} arrays @returns {Map<string, ArrayLike<number>>} */
function glyphHeights(catalogue, arrays) {
  const heights = arrays?.get("glyphs"), points = heights?.shape[1] ?? 0;
  const names = catalogue.families.flatMap((/** @type {{activations: Entry[]}} */ family) => family.activations.map((entry) => entry.name));
  return new Map(heights ? names.map((/** @type {string} */ name, /** @type {number} */ k) => [name, heights.subarray(k * points, (k + 1) * points)]) : []);
}

/** Asks for the catalogue once; it comes with the model, and its glyphs with it or with a second answer. @param {Context} context @param {Model} model */
export function wantCatalogue(context, model) {
  const catalogue = /** @type {any} */ (model.catalogue), stage = catalogue ?? model.hello?.session;
  if (!stage || catalogueAsked.get(context) === stage) return;
  catalogueAsked.set(context, stage);
  if (!catalogue) context.send({ do: "catalogue" });
  else if (catalogue.arrays) keepGlyphs(context, glyphHeights(catalogue, catalogue.arrays));
  else context.ask({ do: "catalogue" }).then(({ content, arrays }) => keepGlyphs(context, glyphHeights(content, arrays)), () => {});
}

/** @param {Entry} entry @returns {string[]} */
function namesOf(entry) {
  return [entry.name, entry.name.replaceAll("_", " "), ...entry.aliases].map((name) => name.toLowerCase());
}

/** What of the entries fits the words: by name, alias or use; only if none does, by formula. @param {Choice[]} choices @param {string} words @returns {Set<Choice>} */
function found(choices, words) {
  const parts = words.split(/\s+/), fits = (/** @type {string} */ text) => parts.every((part) => text.toLowerCase().includes(part));
  const named = choices.filter(({ entry }) => fits([...namesOf(entry), entry.used_in].join(" ")));
  return new Set(named.length ? named : choices.filter(({ entry }) => fits(entry.formula)));
}

/** @param {string} name @returns {string} "leaky_relu" as people write it */
export function spokenName(name) {
  return name.replaceAll("_", " ");
}

/** @param {Context} context @param {Entry} entry @param {(spec: string) => void} choose @returns {Choice} */
function classicCard(context, entry, choose) {
  const glyph = createGlyph(context);
  glyph.show(entry.name);
  const root = element("button", { type: "button", class: "classic-card", title: entry.formula, dataset: { name: entry.name }, onclick: () => choose(entry.name) },
    glyph.root, element("span", { class: "card-name" }, spokenName(entry.name)));
  return { root, entry };
}

/** The classic eight in a row; the chosen one goes into every hidden layer. @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createClassics(context) {
  const root = element("div", { class: "classics classics-row", role: "group", "aria-label": "The classic eight, for every hidden layer" });
  let cards = /** @type {Choice[]} */ ([]), shown = /** @type {any} */ (null), latest = /** @type {Model | null} */ (null);
  const choose = (/** @type {string} */ name) => context.send({ do: "set", values: { activations: (latest?.wanted().hidden ?? []).map(() => name) } });
  return {
    root,
    update(model) {
      latest = model;
      wantCatalogue(context, model);
      if (model.catalogue && model.catalogue !== shown) {
        shown = model.catalogue;
        const entries = /** @type {Entry[]} */ (shown.families.flatMap((/** @type {any} */ family) => family.activations));
        cards = entries.filter((entry) => entry.classic).map((entry) => classicCard(context, entry, choose));
        root.replaceChildren(...cards.map((card) => card.root));
      }
      const chosen = new Set(/** @type {string[]} */ (model.state?.settings.activations ?? []));
      for (const { root: card, entry } of cards) card.setAttribute("aria-pressed", String(chosen.size === 1 && chosen.has(entry.name)));
    },
  };
}

/** @param {Context} context @param {Entry} entry @returns {Choice} */
function option(context, entry) {
  const glyph = createGlyph(context);
  glyph.show(entry.name);
  const root = element("div", { class: "catalogue-option", role: "option", tabindex: "-1", "aria-selected": "false", title: entry.formula, dataset: { name: entry.name } },
    glyph.root, element("span", { class: "option-name" }, spokenName(entry.name)), element("span", { class: "option-formula" }, entry.formula));
  return { root, entry };
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
    const fitting = words ? found(choices, words) : new Set(choices);
    for (const choice of choices) choice.root.hidden = !fitting.has(choice);
    for (const group of list.children) /** @type {HTMLElement} */ (group).hidden = !group.querySelector("[role=option]:not([hidden])");
    const shown = visible();
    classics.hidden = words !== "";
    none.hidden = shown.length > 0;
    setText(none, shown.length ? "" : `Nothing in the catalogue matches “${search.value.trim()}”. It may be a formula: type it above.`);
    makeStop(shown.find(({ entry }) => entry.name === marked) ?? shown[0]);
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const shown = visible(), at = shown.findIndex(({ root: node }) => node.matches(":focus"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    const exact = shown.find(({ entry }) => namesOf(entry).includes(search.value.trim().toLowerCase()));
    const chosen = shown[at] ?? exact ?? shown[0];
    if ((event.key === "Enter" || event.key === " ") && chosen) choose(chosen.entry.name);
    else if (to === undefined) return;
    else if (to < 0) search.focus();
    else shown[to]?.root.focus();
    event.preventDefault();
    event.stopPropagation();
    makeStop(shown[to ?? at] ?? chosen);
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
