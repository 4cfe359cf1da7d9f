/**
 * What the page says: a line for screen readers (polite, never faster than every few seconds), short messages on the screen,
 * and the banner while the server is away.
 * @typedef {import("./protocol.js").Model} Model
 */
import { element, setText } from "./element.js";
import { counted, readable } from "./protocol.js";
import { icon } from "./icons.js";
import { NO_NETWORK } from "./weights.js";

const EVERY = 6000, STAYS = 9000;

/** @param {Model} model @returns {string} */
function progress(model) {
  const nets = model.frame?.nets ?? [];
  if (!nets.length) return NO_NETWORK;
  const said = nets.map((net, n) => `${nets.length > 1 ? `network ${"AB"[n]}: ` : ""}loss ${readable(net.train_loss)}` +
    `${Number.isFinite(net.held_loss) ? `, held out ${readable(net.held_loss)}` : ""}, ${net.score_name} ${readable(net.held_score ?? net.train_score)}`);
  return `Epoch ${counted(Math.floor(model.frame?.epoch ?? 0))}: ${said.join("; ")}.`;
}

export function createVoice() {
  const line = element("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const toasts = element("div", { class: "toasts", role: "status" });
  const banner = element("p", { class: "banner", role: "alert", hidden: true });
  let spoken = 0, wasRunning = false;

  function announce(/** @type {string} */ text) {
    setText(line, text);
    spoken = performance.now();
  }

  /** @param {string} text */
  function toast(text) {
    if ([...toasts.children].some((other) => other.firstChild?.textContent === text)) return;
    const close = element("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => note.remove() }, icon("close"));
    const note = element("div", { class: "toast" }, element("p", null, text), close);
    toasts.append(note);
    while (toasts.children.length > 3) toasts.firstChild?.remove();
    setTimeout(() => { if (!note.matches(":hover, :focus-within")) note.remove(); }, STAYS + 40 * text.length);
  }

  return {
    line, toasts, banner, announce, toast,
    /** @param {Model} model */
    update(model) {
      const lost = model.connection === "lost";
      banner.hidden = !lost;
      setText(banner, lost ? "The server has stopped. Trying to reach it again…" : "");
      const running = Boolean(model.frame?.running);
      if (model.frame && running !== wasRunning && !running) announce(`Paused. ${progress(model)}`);
      else if (running && performance.now() - spoken > EVERY) announce(progress(model));
      wasRunning = running;
    },
  };
}
