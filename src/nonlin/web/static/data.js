/**
 * The column of the data: which set, how noisy, what is held out, what a table predicts and shows, and a file of one's own.
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Part} Part
 */
import { element, rebuild, setText } from "./element.js";
import { counted } from "./protocol.js";
import { createField, freshId } from "./fields.js";
import { icon } from "./icons.js";
import { preview } from "./previews.js";

/** Data settings that have a face of their own here. */
const OWN_FACE = ["data", "inputs", "axes", "data_seed"];

/** @param {Context} context @param {Model} model */
function setButtons(context, model) {
  return (model.hello?.sets ?? []).map((set) => element("button", {
    type: "button", class: "set", "aria-pressed": "false", dataset: { name: set.name }, title: set.title,
    onclick: () => context.send({ do: "set", values: { data: set.name } }),
  }, preview(set.name, set.task) ?? icon("file"), element("span", null, set.title)));
}

/** @param {Context} context @param {string} label @param {(value: string) => void} choose */
function columnMenu(context, label, choose) {
  const id = freshId("column");
  const select = element("select", { id, onchange: () => choose(select.value) });
  return {
    root: element("div", { class: "field" }, element("label", { for: id }, label), select),
    /** @param {string[]} columns @param {string} value */
    show(columns, value) {
      const all = columns.includes(value) ? columns : [value, ...columns];
      rebuild(select, JSON.stringify(all), () => all.map((column) => element("option", { value: column }, column)));
      select.value = value;
    },
  };
}

/** Which column is predicted and which two span the picture, where a table has several. @param {Context} context @returns {Part} */
function createTable(context) {
  let axes = ["", ""];
  const target = columnMenu(context, "Predicts", (column) => context.send({ do: "target", column }));
  const across = columnMenu(context, "Across", (column) => setAxes(column, axes[1] === column ? axes[0] : axes[1]));
  const upwards = columnMenu(context, "Upwards", (column) => setAxes(axes[0] === column ? axes[1] : axes[0], column));
  const setAxes = (/** @type {string} */ x, /** @type {string} */ y) => context.send({ do: "set", values: { axes: [x, y] } });
  const root = element("div", { class: "table-choices" }, target.root, across.root, upwards.root);
  return {
    root,
    update(model) {
      const scene = model.state?.scene;
      const columns = scene?.columns ?? [];
      axes = scene?.axes ?? axes;
      target.root.hidden = !scene?.targets?.length;
      across.root.hidden = upwards.root.hidden = columns.length <= 2;
      root.hidden = target.root.hidden && across.root.hidden;
      target.show(scene?.targets ?? [], scene?.target ?? "");
      across.show(columns, axes[0] ?? "");
      upwards.show(columns, axes[1] ?? "");
    },
  };
}

/** @param {Context} context @param {{take: (file: File | undefined) => Promise<void>}} upload @returns {Part} */
export function createData(context, upload) {
  const sets = element("div", { class: "sets", role: "group", "aria-label": "Data set" });
  const picker = element("input", { type: "file", class: "unseen", accept: ".csv,.tsv,.parquet", tabindex: "-1", "aria-label": "Your own table",
    onchange: () => { void upload.take(picker.files?.[0]); picker.value = ""; } });
  const own = element("button", { type: "button", class: "quiet own", onclick: () => picker.click() }, icon("up"), element("span", null, "Your own table…"));
  const again = element("button", { type: "button", class: "quiet again", title: "New points by the same rule", onclick: () => regenerate() },
    icon("shuffle"), element("span", null, "Regenerate"));
  const fields = element("div", { class: "fields" });
  const about = element("p", { class: "about" }), notes = element("div", { class: "notes" });
  const parts = [createTable(context)];
  let seed = 0;

  const regenerate = () => context.send({ do: "set", values: { data_seed: seed + 1 } });

  /** @param {Model} model */
  function build(model) {
    for (const setting of model.hello?.schema ?? []) {
      if (setting.place !== "data" || OWN_FACE.includes(setting.key)) continue;
      const field = createField(context, setting, { slider: true });
      parts.push(field);
      fields.append(field.root);
    }
  }

  return {
    root: element("section", { class: "room data", "aria-label": "Data" }, element("h2", null, "Data"),
      sets, element("div", { class: "row" }, own, picker), about, parts[0].root, fields, again, notes),
    update(model) {
      const scene = model.state?.scene;
      if (parts.length === 1 && model.hello) build(model);
      rebuild(sets, JSON.stringify(model.hello?.sets ?? []), () => setButtons(context, model));
      for (const button of sets.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.name === scene?.name && !scene?.file));
      seed = Number(model.state?.settings.data_seed) || 0;
      again.hidden = Boolean(scene?.file) || scene?.name === "drawn";
      setText(about, scene ? `${scene.file ?? scene.title}: ${counted(scene.train)} rows to train on, ${counted(scene.held)} held out` : "");
      const said = scene ? [scene.note, ...scene.notes ?? []].filter(Boolean) : [];
      rebuild(notes, JSON.stringify(said), () => said.map((text) => element("p", null, text)));
      for (const part of parts) part.update(model);
    },
  };
}
