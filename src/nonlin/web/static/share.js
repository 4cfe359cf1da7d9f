/**
 * Out of the page and back: the address that holds every choice, and files (model, code, figure, session).
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 */
import { element, rebuild, setText } from "./element.js";
import { FIRST_VIEW } from "./protocol.js";
import { readAddress, writeAddress } from "./address.js";
import { createMenu } from "./menu.js";
import { icon } from "./icons.js";

const FILES = /** @type {[string, string, string][]} */ ([
  ["model", "Model", "skops: scikit-learn loads and predicts with it"],
  ["code", "Python code", "that trains the same network"],
  ["figure.svg", "Figure, SVG", "the boundary, for print and slides"],
  ["figure.png", "Figure, PNG", "the same as pixels"],
  ["points", "Points", "CSV: the rows as they are drawn"],
  ["session", "This session", "JSON: settings, points and weights, to go on later"],
]);

/** Hands a file to the browser's downloads. @param {string} name @param {string} type @param {Uint8Array} bytes */
function download(name, type, bytes) {
  const address = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** @param {Context} context @returns {import("./protocol.js").Part & {openModel: (name: string, bytes: ArrayBuffer) => void}} */
export function createShare(context) {
  let model = /** @type {Model | null} */ (null), written = "";
  const copied = element("p", { class: "hint", role: "status" });
  const which = element("select", { "aria-label": "Network to save" });
  const files = element("div", { class: "files" }, ...FILES.map(([what, label, hint]) =>
    element("button", { type: "button", class: "file", onclick: () => void save(what) }, icon("down"),
      element("span", null, element("strong", null, label), element("small", null, hint)))));
  const picker = element("input", { type: "file", class: "unseen", accept: ".skops,.json", tabindex: "-1", "aria-label": "Model or session",
    onchange: () => { void openFile(picker.files?.[0]); picker.value = ""; } });
  const open = element("button", { type: "button", class: "file", onclick: () => picker.click() }, icon("up"),
    element("span", null, element("strong", null, "Open…"), element("small", null, "a model (.skops) or a session (.json)")));
  const copy = element("button", { type: "button", class: "file", onclick: () => void copyLink() }, icon("copy"),
    element("span", null, element("strong", null, "Copy the link"), element("small", null, "it holds every choice made here")));
  const menu = createMenu({ name: "share", label: "Share", host: context.host, class: "share",
    content: [context.page ? copy : "", copied, element("p", { class: "menu-heading" }, "Save"), which, files, element("p", { class: "menu-heading" }, "Bring back"), open, picker] });

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      setText(copied, "Copied. Somebody else opens a playground and puts the part from # on behind its address.");
    } catch {
      setText(copied, "The browser did not allow it: copy the address of this page by hand.");
    }
  }

  /** @param {string} what */
  async function save(what) {
    try {
      const { content, arrays } = await context.ask({ do: "export", what, net: Number(which.value) || 0 });
      const bytes = arrays.get("bytes");
      if (bytes) download(content.name, content.type, /** @type {Uint8Array} */ (bytes));
      context.announce(`${content.name} is saved.`);
    } catch (reason) {
      context.toast(String(reason));
    }
  }

  /** @param {string} name @param {ArrayBuffer} bytes */
  function openModel(name, bytes) {
    context.ask({ do: "import", name }, bytes).then(() => context.toast(`${name} is open.`), (reason) => context.toast(String(reason)));
  }

  /** @param {File | undefined} file */
  async function openFile(file) {
    if (file) openModel(file.name, await file.arrayBuffer());
  }

  // A link pasted into the open page, or an address changed by hand. An open tour stays open, unless the address names a step.
  if (context.page) window.addEventListener("hashchange", () => {
    if (location.hash === written || !model?.hello) return;
    const { settings, view } = readAddress(location.hash), { discretise, held, panel, hide } = FIRST_VIEW;
    written = location.hash; // so that it is written anew, as the state says it
    context.send({ do: "address", settings });
    context.setView({ discretise, held, panel, hide, ...view });
  });

  return {
    root: menu.root,
    openModel,
    update(latest) {
      model = latest;
      const nets = model.state?.nets ?? [];
      rebuild(which, nets.map((net) => net.activations[0]?.name).join(), () => nets.map((net, n) =>
        element("option", { value: n }, `Network ${n + 1}: ${net.activations[0]?.name ?? "no hidden layer"}`)));
      which.hidden = nets.length < 2;
      if (!context.page || !model.hello || !model.state) return;
      const hash = writeAddress(model.hello.schema, model.state.settings, model.view, FIRST_VIEW);
      if (hash === written) return;
      written = hash;
      history.replaceState(null, "", hash || location.pathname);
    },
  };
}
