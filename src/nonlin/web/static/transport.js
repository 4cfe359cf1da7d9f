/**
 * Play, step, reset; the epoch and how fast epochs pass. Single keys do the same while the page, not a control, has the focus.
 * @typedef {import("./protocol.js").Model} Model
 */
import { element, setText } from "./element.js";
import { counted } from "./protocol.js";
import { createField, settingOf } from "./fields.js";
import { icon } from "./icons.js";

const SHORTCUTS = /** @type {Record<string, string>} */ ({ " ": "play", s: "step", r: "reset" });

/** Where a key means something else already. */
const BUSY = "input, select, textarea, button, a, summary, [role=tab], [role=application], [role=slider], [contenteditable], [tabindex='0']";

/** @param {number} rate @returns {string} */
function paceText(rate) {
  if (!Number.isFinite(rate) || rate <= 0) return "";
  return `${rate < 10 ? rate.toPrecision(2) : counted(rate >= 1000 ? Math.round(rate / 10) * 10 : rate)} epochs/s`;
}

/** Of an epoch that takes long a part is shown, too. @param {number} epoch @returns {string} */
function epochText(epoch) {
  const hundredths = String(Math.floor((epoch % 1) * 100)).padStart(2, "0");
  return Number.isInteger(epoch) ? counted(epoch) : `${counted(Math.floor(epoch))}.${hundredths}`;
}

/** @param {string} name @param {string} label @param {string} key @param {() => void} act */
function transportButton(name, label, key, act) {
  return element("button", { type: "button", class: `transport-${name}`, "aria-label": label, title: `${label} (${key})`, onclick: act },
    icon(name));
}

/** @param {import("./protocol.js").Context} context @returns {import("./protocol.js").Part} */
export function createTransport(context) {
  let running = false, allowKeys = true;
  const acts = /** @type {Record<string, () => void>} */ ({
    play: () => context.send({ do: running ? "pause" : "play" }),
    step: () => context.send({ do: "step" }),
    reset: () => context.send({ do: "reset" }),
  });
  const reset = transportButton("reset", "Reset: first weights, epoch 0", "r", acts.reset);
  const play = transportButton("play", "Play", "space", acts.play);
  const step = transportButton("step", "One epoch", "s", acts.step);
  const epoch = element("span", { class: "epoch-count" }, "0");
  const rate = element("span", { class: "epoch-rate" });
  const pace = element("div", { class: "pace" });
  let paceField = /** @type {import("./protocol.js").Part | null} */ (null);

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const act = acts[SHORTCUTS[event.key] ?? ""];
    const target = event.target instanceof Element ? event.target : null;
    if (!act || !allowKeys || event.ctrlKey || event.metaKey || event.altKey || target?.closest(BUSY)) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  // In a notebook the single keys belong to the notebook unless the playground has the focus.
  (context.page ? document : context.host).addEventListener("keydown", /** @type {EventListener} */ (onKey));

  /** @param {boolean} isRunning */
  function showRunning(isRunning) {
    if (running === isRunning) return;
    running = isRunning;
    play.replaceChildren(icon(running ? "pause" : "play"));
    play.setAttribute("aria-label", running ? "Pause" : "Play");
    play.title = `${running ? "Pause" : "Play"} (space)`;
  }

  return {
    root: element("section", { class: "transport", "aria-label": "Training" },
      reset, play, step,
      element("div", { class: "epoch" }, element("span", { class: "epoch-word" }, "Epoch"), epoch, rate), pace),
    update(model) {
      allowKeys = model.view.keys;
      showRunning(Boolean(model.frame?.running ?? model.state?.running));
      setText(epoch, epochText(model.frame?.epoch ?? model.state?.epoch ?? 0));
      setText(rate, running ? paceText(model.frame?.rate ?? 0) : "paused");
      const setting = settingOf(model, "pace");
      if (setting && !paceField) pace.append((paceField = createField(context, setting)).root);
      paceField?.update(model);
    },
  };
}
