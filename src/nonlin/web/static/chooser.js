/**
 * A menu of the catalogue's activations by family, which turns into a text field for a formula of one's own.
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {{root: HTMLElement, show: (spec: string | null, model: Model) => void}} Chooser
 */
import { element, rebuild } from "./element.js";

const FORMULA = "\u0001formula", MIXED = "\u0001mixed";

/** Names of the catalogue without their families, for asking what a spec is. @param {Model} model @returns {Set<string>} */
function catalogueNames(model) {
  const all = (model.catalogue?.families ?? []).flatMap((family) => family.activations);
  return new Set(all.map((activation) => activation.name));
}

/** The options: the classic ones first, then every family. @param {Model} model @param {{value: string, label: string}[]} extra */
function catalogueOptions(model, extra) {
  const families = model.catalogue?.families ?? [];
  const option = (/** @type {{name: string}} */ { name }) => element("option", { value: name }, name);
  const classic = families.flatMap((family) => family.activations).filter((activation) => activation.classic);
  return [
    ...extra.map(({ value, label }) => element("option", { value }, label)),
    element("option", { value: FORMULA }, "A formula of my own…"),
    classic.length > 0 && element("optgroup", { label: "The classic ones" }, ...classic.map(option)),
    ...families.map((family) => element("optgroup", { label: family.name },
      ...family.activations.filter((activation) => !activation.classic).map(option))).filter((group) => group.children.length > 0),
  ];
}

/**
 * @param {{id: string, choose: (spec: string) => void, none?: string}} options `none` = the label of "no activation", if allowed
 * @returns {Chooser}
 */
export function createChooser({ id, choose, none }) {
  let spec = /** @type {string | null} */ (null), typing = false;
  const menu = element("select", { id, onchange: () => {
    if (menu.value === FORMULA) return type();
    typing = false;
    if (menu.value !== MIXED) choose(menu.value);
  } });
  const typed = element("input", {
    type: "text", class: "formula-input", hidden: true, placeholder: "z*sigmoid(beta*z);beta=1.5", "aria-label": "Formula in z",
    autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    onchange: () => { if (typed.value.trim()) choose(typed.value.trim()); },
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") stopTyping(); },
  });

  function type() {
    typing = true;
    typed.hidden = false;
    typed.value = spec ?? "";
    typed.focus();
    typed.select();
  }

  function stopTyping() {
    typing = false;
    typed.hidden = true;
    menu.focus();
  }

  return {
    root: element("span", { class: "chooser" }, menu, typed),
    show(next, model) {
      spec = next;
      const names = catalogueNames(model);
      const base = (next ?? "").split(";")[0].trim();
      const isFormula = next !== null && next !== "" && !names.has(base);
      const extra = /** @type {{value: string, label: string}[]} */ ([]);
      if (none !== undefined) extra.push({ value: "", label: none });
      if (next === null) extra.push({ value: MIXED, label: "one per layer" });
      // Before the catalogue has come, and for a spec with parameters, the menu still says what is used.
      if (next && (names.has(base) ? next !== base : true)) extra.push({ value: next, label: next });
      const open = document.activeElement === menu;
      const key = `${names.size} ${JSON.stringify(extra)}`;
      if (!open || menu.dataset.built !== key) rebuild(menu, key, () => catalogueOptions(model, extra));
      menu.value = typing ? FORMULA : next ?? MIXED;
      if (!typing) typed.hidden = !isFormula || names.size === 0;
      if (isFormula && document.activeElement !== typed) typed.value = next;
    },
  };
}
