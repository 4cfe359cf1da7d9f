/**
 * One control for one setting, built from the server's own description of it: label, choices, bounds and help are written there only.
 * @typedef {import("./protocol.js").Setting} Setting
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {{root: HTMLElement, show: (value: any, model: Model) => void}} Face the visible control of a value
 * @typedef {(value: any) => void} Choose called with the value that the person chose
 */
import { element, rebuild, setText } from "./element.js";

/** Sliders tell the server at most this often while they are dragged. */
const PACE = 120;

let fieldCount = 0;

/** @param {Model} model @returns {string | null} */
export function taskOf(model) {
  return model.state?.scene?.task ?? null;
}

/** Whether a setting (or choice) belongs to the task at hand. @param {{task?: string | null}} thing @param {Model} model */
export function suits(thing, model) {
  return !thing.task || !taskOf(model) || thing.task === taskOf(model);
}

/** @param {string} name @returns {string} a fresh id for label and aria references */
export function freshId(name) {
  return `nl-${name}-${++fieldCount}`;
}

/**
 * Calls at most once in `PACE` milliseconds, and always with the last value.
 * @param {Choose} choose @returns {Choose}
 */
function paced(choose) {
  let timer = 0, last = /** @type {any} */ (null);
  return (value) => {
    last = value;
    if (!timer) timer = window.setTimeout(() => { timer = 0; choose(last); }, PACE);
  };
}

/** @param {Setting} setting @param {string} id @param {Choose} choose @returns {Face} */
function choiceFace(setting, id, choose) {
  const root = element("select", { id, onchange: () => choose(JSON.parse(root.value)) });
  return {
    root,
    show(value, model) {
      const choices = (setting.choices ?? []).filter((choice) => suits(choice, model));
      const text = JSON.stringify(value ?? setting.default);
      const known = choices.some((choice) => JSON.stringify(choice.value) === text);
      const all = known ? choices : [...choices, { value: JSON.parse(text), label: String(value) }];
      rebuild(root, JSON.stringify(all), () => all.map((choice) =>
        element("option", { value: JSON.stringify(choice.value) }, choice.label)));
      if (document.activeElement !== root || root.value !== text) root.value = text;
    },
  };
}

/** A slider counts its steps from its least value: where round numbers would be skipped, a whole number has steps of one.
 * @param {Setting} setting @returns {number} a step that divides the span into about a hundred */
function stepOf(setting) {
  const span = (setting.max ?? 1) - (setting.min ?? 0);
  const step = 10 ** Math.floor(Math.log10(span / 50 || 1));
  return setting.kind === "integer" ? ((setting.min ?? 0) % step ? 1 : Math.max(1, step)) : step;
}

/** @param {Setting} setting @param {number} value @returns {string} */
function measured(setting, value) {
  return `${Number(value.toPrecision(4)).toLocaleString("en-GB")}${setting.key === "share" ? " %" : ""}`;
}

/** @param {Setting} setting @param {string} id @param {Choose} choose @returns {Face} */
function sliderFace(setting, id, choose) {
  const output = element("output", { for: id });
  const tell = paced(choose);
  let busyUntil = 0;
  const input = element("input", {
    id, type: "range", min: setting.min, max: setting.max, step: stepOf(setting),
    oninput: () => {
      // While a hand is on the slider, older states that still come in must not pull it back.
      busyUntil = performance.now() + 600;
      setText(output, measured(setting, Number(input.value)));
      tell(Number(input.value));
    },
  });
  return {
    root: element("span", { class: "slider" }, input, output),
    show(value) {
      if (performance.now() < busyUntil || typeof value !== "number") return;
      input.value = String(value);
      setText(output, measured(setting, value));
    },
  };
}

/** What a typed text means for a setting; texts that are no numbers go to the server, which says what is wrong with them.
 * @param {Setting} setting @param {string} text @returns {any} */
export function typedValue(setting, text) {
  const asNumber = (/** @type {string} */ item) => item.trim() !== "" && Number.isFinite(Number(item)) ? Number(item) : item.trim();
  if (setting.kind === "number" || setting.kind === "integer") return asNumber(text);
  const items = text.split(",").map((item) => item.trim()).filter((item) => item !== "");
  if (setting.kind === "numbers") return items.map(asNumber);
  return setting.kind === "list" || setting.kind === "names" ? items : text.trim();
}

/** @param {Setting} setting @param {string} id @param {Choose} choose @returns {Face} */
function typedFace(setting, id, choose) {
  const isNumber = setting.kind === "number" || setting.kind === "integer";
  const root = element("input", {
    id, type: "text", inputmode: isNumber ? "decimal" : null, autocomplete: "off", spellcheck: "false",
    onchange: () => choose(typedValue(setting, root.value)),
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") root.blur(); },
  });
  return {
    root,
    show(value) {
      const text = Array.isArray(value) ? value.join(", ") : String(value ?? "");
      if (document.activeElement !== root) root.value = text;
    },
  };
}

/** @param {Setting} _setting @param {string} id @param {Choose} choose @returns {Face} */
function flagFace(_setting, id, choose) {
  const root = element("input", { id, type: "checkbox", onchange: () => choose(root.checked) });
  return { root, show(value) { root.checked = Boolean(value); } };
}

/** @param {Setting} setting @param {boolean} wantsSlider */
function faceFor(setting, wantsSlider) {
  if (setting.kind === "flag") return flagFace;
  if (setting.choices?.length) return choiceFace;
  const isNumber = setting.kind === "number" || setting.kind === "integer";
  return isNumber && wantsSlider && setting.min !== undefined && setting.max !== undefined ? sliderFace : typedFace;
}

/**
 * A labelled control of a setting; what the server refuses is said right below it.
 * @param {Context} context @param {Setting} setting
 * @param {{slider?: boolean, face?: (setting: Setting, id: string, choose: Choose) => Face}} [options]
 * @returns {import("./protocol.js").Part & {key: string}}
 */
export function createField(context, setting, options = {}) {
  const id = freshId(setting.key);
  const choose = (/** @type {any} */ value) => context.send({ do: "set", values: { [setting.key]: value } });
  const face = (options.face ?? faceFor(setting, options.slider ?? false))(setting, id, choose);
  const refusal = element("p", { class: "refusal", id: `${id}-refusal`, hidden: true });
  const label = element("label", { for: id, title: setting.help || null }, setting.label);
  const control = face.root.id === id ? face.root : face.root.querySelector(`#${id}`) ?? face.root;
  const root = element("div", { class: `field field-${setting.kind}`, dataset: { key: setting.key } }, label, face.root, refusal);
  return {
    key: setting.key,
    root,
    update(model) {
      root.hidden = !suits(setting, model) || model.view.hide.includes(setting.key);
      face.show(model.state?.settings[setting.key], model);
      const refused = model.refusal?.key === setting.key ? model.refusal.message : "";
      refusal.hidden = !refused;
      setText(refusal, refused);
      control.toggleAttribute("aria-invalid", Boolean(refused));
      if (refused) { control.setAttribute("aria-invalid", "true"); control.setAttribute("aria-describedby", refusal.id); }
    },
  };
}

/** @param {Model} model @param {string} key @returns {Setting | undefined} */
export function settingOf(model, key) {
  return model.hello?.schema.find((setting) => setting.key === key);
}
