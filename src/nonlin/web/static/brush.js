/**
 * Tools over the map: look, a brush per class, the eraser; by pointer or by a crosshair that the arrow keys move.
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").Model} Model
 */
import { element, rebuild } from "./element.js";
import { freshId } from "./fields.js";
import { icon } from "./icons.js";
import { markIcon } from "./legend.js";

/** How far the arrow keys move the crosshair and the eraser reaches, as shares of the window. */
const STRIDE = 1 / 40, ERASER = 1 / 28, SPRAY = 1 / 45;

/** @param {Context} context @returns {import("./protocol.js").Part} the row of tools below the map */
export function createTools(context) {
  const group = freshId("tool"), root = element("div", { class: "tools" });
  const value = element("input", { type: "text", inputmode: "decimal", class: "brush-value", value: "1", "aria-label": "Value of the points to draw",
    oninput: () => context.setView({ tool: `value ${value.value}` }) });

  /** @param {string | number} tool @param {string} label @param {Node} face */
  const choice = (tool, label, face) => element("label", { class: "tool", title: label },
    element("input", { type: "radio", name: group, value: tool, "aria-label": label, onchange: () => context.setView({ tool }) }), face);

  /** @param {import("./protocol.js").Scene} scene */
  const tools = (scene) => [
    choice("look", "Look: read the map's values", icon("look")),
    ...scene.task === "regression" ? [choice(`value ${value.value}`, "Draw points of a value", element("span", null, "Draw")), value]
      : scene.classes.slice(0, 9).map((name, k) => choice(k, `Draw points of class ${name}`, markIcon(k))),
    choice("erase", "Erase points", icon("erase")),
    element("button", { type: "button", class: "quiet", title: "Remove all points", onclick: () => context.send({ do: "clear" }) }, icon("clear"), element("span", null, "Clear")),
  ];

  return {
    root,
    update(model) {
      const scene = model.state?.scene;
      root.hidden = !scene?.drawable || model.view.hide.includes("tools");
      if (!scene) return;
      rebuild(root, JSON.stringify([scene.task, scene.classes]), () => tools(scene));
      for (const input of root.querySelectorAll("input")) {
        if (input.type === "radio") input.checked = kindOf(model.view.tool, scene.task) === kindOf(input.value, scene.task);
      }
    },
  };
}

/** @param {string | number} tool @param {string} task @returns {string} which of the buttons stands for a tool */
function kindOf(tool, task) {
  if (tool === "look" || tool === "erase") return tool;
  return task === "regression" ? "value" : String(Number(tool) || 0);
}

/** The message that draws with a tool, or null. A tool of the other task counts as this task's first.
 * @param {string | number} tool @param {number[][]} places @param {boolean} numbers */
function strokeMessage(tool, places, numbers) {
  if (tool === "look" || tool === "erase") return null;
  if (numbers) return { do: "draw", value: typeof tool === "number" ? 1 : Number(tool.slice(6)) || 0, places };
  return { do: "draw", label: typeof tool === "number" ? tool : 0, places };
}

/** @param {string} key @returns {[number, number] | null} */
function stride(key) {
  const strides = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });
  return strides[key] ?? null;
}

/** The class that a digit stands for: the one of that name, or else the one at that place. @param {string} key @param {string[]} classes @returns {number} −1 for none */
function classOf(key, classes) {
  if (!/^\d$/.test(key)) return -1;
  const place = Number(key) - 1;
  return classes.includes(key) ? classes.indexOf(key) : place < classes.length ? place : -1;
}

/**
 * Lets a map be read and drawn on. Places are shares of the window, (0, 0) at the lower left.
 * @param {Context} context @param {HTMLElement} area the focusable box over the map
 * @param {(place: number[] | null, byKey: boolean) => void} point called with the place that is looked at
 */
export function attachBrush(context, area, point) {
  let model = /** @type {Model | null} */ (null);
  let spot = [0.5, 0.5], pressed = false, lastDrawn = [-1, -1];
  const pending = /** @type {number[][]} */ ([]);

  const inPlane = (/** @type {number[]} */ share) => {
    const [x0, x1, y0, y1] = model?.state?.scene.window ?? [0, 1, 0, 1];
    return [x0 + share[0] * (x1 - x0), y0 + share[1] * (y1 - y0)];
  };
  const shareOf = (/** @type {PointerEvent} */ event) => {
    const box = area.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height].map((v) => Math.min(Math.max(v, 0), 1));
  };

  function flush() {
    const message = strokeMessage(model?.view.tool ?? "look", pending.splice(0), model?.state?.scene.task === "regression");
    if (message) context.send(message);
  }

  /** @param {number[]} share */
  function erase(share) {
    const [x0, x1] = model?.state?.scene.window ?? [0, 1];
    context.send({ do: "erase", place: inPlane(share), radius: ERASER * (x1 - x0) });
  }

  /** @param {number[]} share */
  function use(share) {
    if (!model?.state?.scene.drawable || model.view.tool === "look") return;
    if (Math.hypot(share[0] - lastDrawn[0], share[1] - lastDrawn[1]) < SPRAY) return;
    lastDrawn = share;
    if (model.view.tool === "erase") return erase(share);
    // A dragged brush sends its points of one drawn frame together.
    if (pending.push(inPlane(share)) === 1) requestAnimationFrame(flush);
  }

  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = true;
    lastDrawn = [-1, -1];
    if (model?.view.tool !== "look") area.setPointerCapture(event.pointerId);
    use(shareOf(event));
  });
  area.addEventListener("pointermove", (event) => {
    const share = shareOf(event);
    point(share, false);
    if (pressed) use(share);
  });
  for (const end of ["pointerup", "pointercancel"]) area.addEventListener(end, () => { pressed = false; });
  area.addEventListener("pointerleave", () => point(null, false));
  area.addEventListener("focus", () => { if (area.matches(":focus-visible")) point(spot, true); });
  area.addEventListener("blur", () => point(null, true));
  area.addEventListener("keydown", (event) => {
    const way = stride(event.key), label = classOf(event.key, model?.state?.scene.classes ?? []);
    if (way) spot = spot.map((v, k) => Math.min(Math.max(v + way[k] * STRIDE * (event.shiftKey ? 4 : 1), 0), 1));
    else if (event.key === "Delete" || event.key === "Backspace") erase(spot);
    else if (event.key === "Enter" || event.key === " ") place();
    else if (label >= 0) context.setView({ tool: label });
    else return;
    event.preventDefault();
    event.stopPropagation();
    point(spot, true);
  });

  function place() {
    if (!model?.state?.scene.drawable) return context.announce("Points cannot be drawn on this table.");
    if (model.view.tool === "look") return context.announce("Choose a class to draw with: press its number.");
    lastDrawn = [-1, -1];
    use(spot);
  }

  return { update(/** @type {Model} */ next) { model = next; area.dataset.tool = next.state?.scene.drawable ? String(next.view.tool).split(" ")[0] : "look"; } };
}
