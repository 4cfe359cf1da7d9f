/**
 * The strip of the main choices and the menu of all others. Which stand in front is decided here; what they are, by the server.
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Setting} Setting
 * @typedef {import("./protocol.js").Part} Part
 */
import { element, setText } from "./element.js";
import { createField, freshId, settingOf } from "./fields.js";
import { createChooser } from "./chooser.js";
import { createMenu } from "./menu.js";

const IN_FRONT = ["learning_rate", "loss", "loss_of_numbers", "penalty", "alpha"];

/** Settings without effect beside another's value are not shown. */
const MATTERS = /** @type {Record<string, (settings: Record<string, any>) => boolean>} */ ({
  alpha: ({ penalty }) => penalty !== "none",
  momentum: ({ solver }) => solver === "sgd",
});

/** Settings that other parts of the page show: the data column, the network, the transport, the output. */
const ELSEWHERE = ["hidden", "activations", "rival", "pace"];

/** A field whose value is an activation, for `activations` (all layers at once) and `rival`.
 * @param {Context} context @param {{key: string, label: string, help: string, none?: string,
 *   read: (model: Model) => string | null, write: (spec: string, model: Model) => any}} options @returns {Part} */
function createActivationField(context, { key, label, help, none, read, write }) {
  const id = freshId(key);
  let last = /** @type {Model | null} */ (null);
  const chooser = createChooser({ id, none, choose: (spec) => {
    if (last) context.send({ do: "set", values: { [key]: write(spec, last) } });
  } });
  const refusal = element("p", { class: "refusal", hidden: true });
  const root = element("div", { class: "field field-activation", dataset: { key } },
    element("label", { for: id, title: help }, label), chooser.root, refusal);
  return {
    root,
    update(model) {
      last = model;
      root.hidden = model.view.hide.includes(key);
      chooser.show(read(model), model);
      const refused = model.refusal?.key === key ? model.refusal.message : "";
      refusal.hidden = !refused;
      setText(refusal, refused);
    },
  };
}

/** @param {Context} context @param {Setting} setting @returns {Part} */
function allLayersField(context, setting) {
  return createActivationField(context, {
    key: setting.key, label: "Activation", help: setting.help,
    read(model) {
      const specs = model.state?.settings.activations ?? [];
      return specs.every((/** @type {string} */ spec) => spec === specs[0]) ? specs[0] ?? "" : null;
    },
    write: (spec, model) => (model.wanted().hidden ?? []).map(() => spec),
  });
}

/** @param {Context} context @param {Setting} setting @returns {Part} */
function rivalField(context, setting) {
  return createActivationField(context, {
    key: setting.key, label: setting.label, help: setting.help, none: "nothing",
    read: (model) => model.state?.settings.rival ?? "",
    write: (spec) => spec,
  });
}

/** @param {Context} context @returns {HTMLElement} single keys can be turned off: speech input may press them by accident */
function keysSwitch(context) {
  const id = freshId("keys");
  const input = element("input", { id, type: "checkbox", checked: true, onchange: () => context.setView({ keys: input.checked }) });
  return element("div", { class: "field field-flag" }, element("label", { for: id }, "Single keys: space plays, s steps, r resets"), input);
}

/** @param {Context} context @returns {Part} */
export function createControls(context) {
  const front = element("div", { class: "strip-front" });
  const rest = element("div", { class: "fields" });
  const menu = createMenu({ name: "more", label: "More settings", content: [rest, keysSwitch(context)], host: context.host, class: "more" });
  const fields = /** @type {Part[]} */ ([]);

  /** @param {Model} model */
  function build(model) {
    const schema = (model.hello?.schema ?? []).filter((setting) => setting.place !== "data" && !ELSEWHERE.includes(setting.key));
    const activations = settingOf(model, "activations");
    const rival = settingOf(model, "rival");
    if (activations) place(allLayersField(context, activations), front);
    if (rival) place(rivalField(context, rival), front);
    for (const key of IN_FRONT) {
      const setting = schema.find((one) => one.key === key);
      if (setting) place(createField(context, setting), front);
    }
    for (const setting of schema) if (!IN_FRONT.includes(setting.key)) place(createField(context, setting), rest);
  }

  /** @param {Part} field @param {HTMLElement} where */
  function place(field, where) {
    fields.push(field);
    where.append(field.root);
  }

  return {
    root: element("section", { class: "strip", "aria-label": "Settings of the training" }, front, menu.root),
    update(model) {
      if (!fields.length && model.hello) build(model);
      for (const field of fields) field.update(model);
      for (const [key, matters] of Object.entries(MATTERS)) {
        const field = fields.find((one) => one.root.dataset.key === key);
        if (field && !matters(model.state?.settings ?? {})) field.root.hidden = true;
      }
      front.classList.toggle("no-hidden-layer", model.state?.settings.hidden?.length === 0);
    },
  };
}
