/**
 * Files from outside: a table dropped anywhere on the page or chosen by hand. Its bytes stay in memory, so that a server that
 * had to start anew can be given them again.
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {{name: string, bytes: ArrayBuffer}} Upload
 */
import { OWN_TABLE } from "./data.js";
import { element } from "./element.js";

const TABLES = /\.(csv|tsv|txt|parquet|pq)$/i;
const MODELS = /\.(skops|json)$/i;

/** What `hello.limits` calls the greatest size, in bytes. @param {Model} model @returns {number} */
function greatestSize(model) {
  const limits = model.hello?.limits ?? {};
  return limits.upload ?? limits.bytes ?? limits.upload_bytes ?? 25e6;
}

/** @param {Context} context @param {(name: string, bytes: ArrayBuffer) => void} openModel what to do with a model or a session */
export function createUpload(context, openModel) {
  let kept = /** @type {Upload | null} */ (null), offered = /** @type {Upload & {before: Model["hello"]} | null} */ (null);
  let last = /** @type {Model | null} */ (null);
  const veil = element("div", { class: "veil", hidden: true, "aria-hidden": "true" },
    element("p", null, element("strong", null, "Drop it here"), element("span", null, "a table (CSV, Parquet), a model (.skops) or a session (.json)")));

  /** @param {File | undefined} file */
  async function take(file) {
    if (!file) return;
    const most = last ? greatestSize(last) : 25e6;
    if (file.size > most) return context.toast(`${file.name} has ${Math.ceil(file.size / 1e6)} MB; the playground takes up to ${Math.floor(most / 1e6)} MB. Give it a sample of the rows.`);
    if (!TABLES.test(file.name) && !MODELS.test(file.name)) {
      return context.toast(`${file.name} is no table, model or session: give .csv, .parquet, .skops or .json.`);
    }
    const bytes = await file.arrayBuffer();
    if (MODELS.test(file.name)) return openModel(file.name, bytes);
    offered = { name: file.name, bytes, before: last?.hello ?? null };
    context.send({ do: "upload", name: file.name, target: null }, bytes);
    context.announce(`Reading ${file.name}.`);
  }

  const carriesFiles = (/** @type {DragEvent} */ event) => [...event.dataTransfer?.types ?? []].includes("Files");
  const zone = context.page ? document.documentElement : context.host;
  zone.addEventListener("dragenter", (event) => { if (carriesFiles(event)) veil.hidden = false; });
  zone.addEventListener("dragover", (event) => { if (carriesFiles(event)) { event.preventDefault(); veil.hidden = false; } });
  zone.addEventListener("dragleave", (event) => { if (!event.relatedTarget) veil.hidden = true; });
  zone.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    veil.hidden = true;
    void take(event.dataTransfer?.files[0]);
  });

  return {
    veil, take,
    update(/** @type {Model} */ model) {
      if (model.connection === "lost" || (model.refusal && model.refusal !== last?.refusal)) offered = null;
      // The server says anew what there is to choose from, and then shows the table.
      const isShown = model.hello !== offered?.before && model.state?.settings.data === OWN_TABLE;
      if (offered && isShown) [kept, offered] = [offered, null];
      last = { ...model };
    },
    /** The table again, for a server that has forgotten it. @param {string | null} target @returns {boolean} */
    again(target) {
      if (kept) context.send({ do: "upload", name: kept.name, target }, kept.bytes);
      return Boolean(kept);
    },
  };
}
