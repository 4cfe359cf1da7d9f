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

/** Data settings that only a set drawn by a rule obeys. */
const BY_RULE = ["noise", "rows"];

/** Data settings that have a face of their own here. */
const OWN_FACE = ["data", "inputs", "axes", "data_seed"];

/** The person's own table, as the server calls it. */
export const OWN_TABLE = "table";

/** The sets to choose from; a table that was uploaded stays among them. @param {Model} model @returns {import("./protocol.js").DataSet[]} */
function setsOf(model) {
  const sets = model.hello?.sets ?? [], file = model.state?.scene.file;
  if (!file) return sets.filter((set) => set.name !== OWN_TABLE);
  return [{ name: OWN_TABLE, title: file }, ...sets.filter((set) => set.name !== OWN_TABLE)];
}

/** @param {string} name @param {string} title @param {Node | null} picture @param {() => void} choose */
const tile = (name, title, picture, choose) => element("button", {
  type: "button", class: picture ? "set" : "set table-set", "aria-pressed": "false", dataset: { name }, onclick: choose,
}, picture, element("span", null, title));

/** The sets of the plane as pictures, with two ways to points of one's own; the tables, which have no picture, as words.
 * @param {Context} context @param {import("./protocol.js").DataSet[]} all @param {() => void} openFile */
function setGroups(context, all, openFile) {
  const choose = (/** @type {string} */ name) => context.send({ do: "set", values: { data: name } });
  const words = all.filter((set) => !set.plane), pictures = all.filter((set) => set.plane);
  const draw = () => {
    choose("drawn");
    context.setView({ tool: 0 });
  };
  return [
    element("div", { class: "set-pictures" },
      ...pictures.map((set) => tile(set.name, set.title, preview(set.name, set.task ?? "") ?? icon("file"), () => choose(set.name))),
      tile("drawn", "draw it yourself", icon("pen"), draw), tile("open", "your own table", icon("up"), openFile)),
    element("div", { class: "set-words" }, ...words.map((set) => tile(set.name, set.title, null, () => choose(set.name)))),
  ];
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

/** Instead of two columns: the plane along which the rows differ most. */
const MAIN_PLANE = "main plane";

/** Which column is predicted and which two span the picture, where a table has several. @param {Context} context @returns {Part} */
function createTable(context) {
  let axes = /** @type {string[]} */ ([]), columns = /** @type {string[]} */ ([]);
  const setAxes = (/** @type {string[]} */ names) => context.send({ do: "set", values: { axes: names } });
  const target = columnMenu(context, "Predicts", (column) => context.send({ do: "target", column }));
  const across = columnMenu(context, "Across", (column) => {
    if (column === MAIN_PLANE) return setAxes([]);
    setAxes([column, axes[1] && axes[1] !== column ? axes[1] : columns.find((other) => other !== column) ?? column]);
  });
  const upwards = columnMenu(context, "Upwards", (column) => setAxes([axes[0] === column ? axes[1] : axes[0], column]));
  const root = element("div", { class: "table-choices", dataset: { key: "axes" } }, target.root, across.root, upwards.root);
  return {
    root,
    update(model) {
      const scene = model.state?.scene, targets = scene?.targets ?? [];
      columns = scene?.columns ?? [];
      axes = model.state?.settings.axes ?? [];
      target.root.hidden = model.state?.settings.data !== OWN_TABLE || !targets.length;
      across.root.hidden = columns.length <= 2;
      upwards.root.hidden = across.root.hidden || axes.length !== 2;
      root.hidden = target.root.hidden && across.root.hidden;
      target.show(targets, scene?.target ?? "");
      across.show([MAIN_PLANE, ...columns], axes[0] ?? MAIN_PLANE);
      upwards.show(columns, axes[1] ?? "");
    },
  };
}

/** What the rows are, in a line. @param {import("./protocol.js").Scene} scene */
const aboutScene = (scene) => `${scene.title.charAt(0).toUpperCase()}${scene.title.slice(1)}: ${counted(scene.train)} rows to train on, ${counted(scene.held)} held out`;

/** @param {Context} context @param {{take: (file: File | undefined) => Promise<void>}} upload @returns {Part} */
export function createData(context, upload) {
  const sets = element("div", { class: "sets", role: "group", "aria-label": "Data set", dataset: { key: "data" } });
  const refusal = element("p", { class: "refusal", hidden: true });
  const picker = element("input", { type: "file", class: "unseen", accept: ".csv,.tsv,.parquet", tabindex: "-1", "aria-label": "Your own table",
    onchange: () => { void upload.take(picker.files?.[0]); picker.value = ""; } });
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
      sets, picker, refusal, about, parts[0].root, fields, again, notes),
    update(model) {
      const scene = model.state?.scene, settings = model.state?.settings ?? {}, all = setsOf(model);
      if (parts.length === 1 && model.hello) build(model);
      rebuild(sets, JSON.stringify(all), () => setGroups(context, all, () => picker.click()));
      for (const button of sets.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.name === settings.data));
      const refused = model.refusal && OWN_FACE.includes(model.refusal.key) ? model.refusal.message : "";
      refusal.hidden = !refused;
      setText(refusal, refused);
      seed = Number(model.state?.settings.data_seed) || 0;
      const byRule = all.some((set) => set.plane && set.name === settings.data);
      again.hidden = !byRule;
      setText(about, scene ? aboutScene(scene) : "");
      const said = scene ? [scene.note, ...scene.notes ?? []].filter(Boolean) : [];
      rebuild(notes, JSON.stringify(said), () => said.map((text) => element("p", null, text)));
      for (const part of parts) {
        part.update(model);
        if (!byRule && BY_RULE.includes(part.root.dataset.key ?? "")) part.root.hidden = true;
      }
    },
  };
}
