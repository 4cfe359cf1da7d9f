/** The page as a whole: which part stands where. */
import { element } from "./element.js";
import { icon } from "./icons.js";
import { createControls } from "./controls.js";
import { createData } from "./data.js";
import { createLosses } from "./losses.js";
import { createShare } from "./share.js";
import { createSurface } from "./surface.js";
import { createTabs } from "./tabs.js";
import { createTour } from "./tour.js";
import { createTransport } from "./transport.js";
import { createUpload } from "./upload.js";
import { createNetwork } from "./network.js";
import { createActivationEditor } from "./activation.js";
import { createHiddenPlane } from "./hidden.js";
import { createSpread } from "./spread.js";
import { createMeasures } from "./measures.js";

/** The width of a phone's layout; the style sheet says the same in rem. */
const NARROW = 736;

/** The name of the house, with the bend that it is about. @returns {HTMLElement} */
function wordmark() {
  return element("h1", { class: "wordmark" }, element("span", { class: "name" }, "nonlin"), element("span", { class: "what" }, "playground"));
}

/**
 * @param {import("./protocol.js").Context} context
 * @param {ReturnType<typeof import("./voice.js").createVoice>} voice
 */
export function createPage(context, voice) {
  const share = createShare(context), tour = createTour(context);
  const upload = createUpload(context, share.openModel);
  const transport = createTransport(context), controls = createControls(context), data = createData(context, upload);
  const network = createNetwork(context), surface = createSurface(context), losses = createLosses(context), measures = createMeasures(context);
  const tabs = createTabs(context, [
    { id: "activation", label: "Activation", part: createActivationEditor(context) },
    { id: "hidden", label: "Hidden plane", part: createHiddenPlane(context) },
    { id: "spread", label: "Spread", part: createSpread(context) },
  ]);
  const tourButton = element("button", { type: "button", class: "quiet tour-open", onclick: tour.toggle }, icon("tour"), element("span", { class: "menu-word" }, "Tour"));
  const ways = element("div", { class: "bar-ways" }, tourButton, share.root);
  const bar = element("header", { class: "bar" }, wordmark(), transport.root, ways);
  const networkRoom = element("div", { class: "room network-room" }, element("h2", null, "Network"), network.root);
  const output = element("section", { class: "room output", "aria-label": "Output" }, surface.root, losses.root, measures.root);
  const centre = element("div", { class: "room centre" }), columns = element("div", { class: "columns" }), body = element("main", { class: "body" }, columns);
  const root = element("div", { class: "page" }, voice.banner, bar, controls.root, tour.root, body, voice.toasts, voice.line, upload.veil);
  const parts = [transport, controls, data, network, surface, measures, losses, tabs, tour, share, upload];

  /** On a phone the output stands first and the transport last, for the eye as for the Tab key. @param {boolean} narrow */
  function arrange(narrow) {
    centre.replaceChildren(...narrow ? [] : [networkRoom, tabs.root]);
    columns.replaceChildren(...narrow ? [output, controls.root, networkRoom, data.root, tabs.root] : [data.root, centre, output]);
    if (narrow) body.after(transport.root);
    else {
      bar.insertBefore(transport.root, bar.lastChild);
      bar.after(controls.root);
    }
  }
  let isNarrow = false;
  arrange(isNarrow);
  new ResizeObserver(([entry]) => {
    const narrow = entry.contentRect.width <= NARROW;
    if (narrow !== isNarrow) arrange(isNarrow = narrow);
  }).observe(context.host);

  return {
    root, upload,
    /** Whether a control of that setting is there to stand by its refusal. @param {string} key */
    shows: (key) => [...root.querySelectorAll(`[data-key="${key}"]`)].some((node) => node instanceof HTMLElement && node.offsetParent !== null),
    /** @param {import("./protocol.js").Model} model */
    update(model) {
      root.classList.toggle("is-lost", model.connection === "lost");
      root.classList.toggle("is-empty", !model.state);
      root.classList.toggle("has-rival", (model.state?.nets.length ?? 1) > 1);
      for (const node of [columns, controls.root, transport.root, ways]) node.inert = model.connection === "lost";
      tourButton.setAttribute("aria-pressed", String(Boolean(model.view.tour)));
      for (const part of parts) part.update(model);
    },
  };
}
