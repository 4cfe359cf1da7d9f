import { cssColour, mixed, pixel } from "./colours.js";
import { element, rebuild, setText } from "./element.js";
import { hasRival, netLabel } from "./networkbar.js";
import { readable } from "./protocol.js";
import { shadesOf } from "./shades.js";
import { netFrame } from "./weights.js";

/**
 * How good the network is: losses and scores of one or two networks, who is ahead, and the confusion matrix.
 *
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").Context} Context
 * @typedef {import("./protocol.js").NetFrame} NetFrame
 */

const PACE_OF_MEASURES = 125; // milliseconds
const LEVEL = 5e-4;

/** @param {number} value @param {string} name @returns {string} */
function scoreText(value, name) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  return name === "accuracy" ? `${(100 * value).toFixed(1)} %` : readable(value);
}

/** @param {NetFrame[]} nets @returns {[string, string[]][]} a label and a cell per network */
function scoreRows(nets) {
  const name = nets[0].score_name, title = name.charAt(0).toUpperCase() + name.slice(1);
  return [
    [`${title}, held out`, nets.map((net) => scoreText(net.held_score, name))],
    [`${title}, training`, nets.map((net) => scoreText(net.train_score, name))],
    ["Loss, held out", nets.map((net) => readable(net.held_loss))],
    ["Loss, training", nets.map((net) => readable(net.train_loss))],
  ];
}

/** Which of two networks is ahead on the rows held out, and by how much. @param {Model} model @param {NetFrame[]} nets @returns {string} */
function aheadWords(model, nets) {
  if (nets.length < 2) return "";
  const gap = nets[1].held_score - nets[0].held_score, name = nets[0].score_name;
  if (!Number.isFinite(gap)) return "The two networks cannot be compared: one of them has no score.";
  if (Math.abs(gap) < LEVEL) return `Level: both networks have the same ${name} on the rows held out.`;
  const ahead = netLabel(model, gap > 0 ? 1 : 0), size = Math.abs(gap);
  return name === "accuracy" ? `${ahead} is ahead by ${(100 * size).toFixed(1)} points of held-out accuracy.` : `${ahead} is ahead by ${readable(size)} of held-out ${name}.`;
}

/** Never so dark that the number in it could not be read. @param {number} share @param {import("./colours.js").Palette} colours @param {boolean} right @returns {string} */
function cellShade(share, colours, right) {
  return cssColour(pixel(mixed(colours.paper, right ? colours.high : colours.low, 0.42 * share)));
}

/** @param {string} title */
function createConfusion(title) {
  const caption = element("caption", null, title), head = element("thead"), body = element("tbody");
  const root = element("table", { class: "confusion" }, caption, head, body);
  let cells = /** @type {HTMLElement[][]} */ ([]);

  /** @param {string[]} classes */
  function build(classes) {
    cells = classes.map(() => classes.map(() => element("td")));
    rebuild(head, JSON.stringify(classes), () => [
      element("tr", null, element("td"), element("th", { scope: "colgroup", colspan: classes.length, class: "predicted" }, "predicted")),
      element("tr", null, element("th", { scope: "col", class: "true-class" }, "true"), ...classes.map((name) => element("th", { scope: "col", title: name }, element("span", { class: "class-name" }, name))))]);
    body.replaceChildren(...classes.map((name, k) => element("tr", null, element("th", { scope: "row", title: name }, element("span", { class: "class-name" }, name)), ...cells[k])));
  }

  /** @param {string} label @param {string[]} classes @param {number[][]} counts @param {import("./colours.js").Palette} colours */
  function show(label, classes, counts, colours) {
    setText(caption, label);
    root.classList.toggle("crowded", classes.length > 4);
    if (root.dataset.classes !== JSON.stringify(classes)) {
      root.dataset.classes = JSON.stringify(classes);
      build(classes);
    }
    counts.forEach((row, k) => {
      const all = row.reduce((sum, count) => sum + count, 0) || 1;
      row.forEach((count, j) => {
        const cell = cells[k][j], shade = cellShade(count / all, colours, k === j);
        setText(cell, String(count));
        if (cell.style.backgroundColor !== shade) cell.style.backgroundColor = shade;
      });
    });
  }
  return { root, show };
}

/** @param {Context} context @returns {{root: HTMLElement, update: (model: Model) => void}} */
export function createMeasures(context) {
  const head = element("thead"), body = element("tbody"), words = element("p", { class: "ahead", role: "status" });
  const table = element("table", { class: "scores" }, element("caption", { class: "unseen" }, "Losses and scores"), head, body);
  const matrices = [0, 1].map(() => createConfusion("")), box = element("div", { class: "confusions" }, ...matrices.map((matrix) => matrix.root));
  const root = element("section", { class: "measures", "aria-label": "Measures" }, words, element("div", { class: "measures-body" }, table, box));
  let last = /** @type {Model | null} */ (null), drawn = -Infinity, theme = 0, cells = /** @type {HTMLElement[][]} */ ([]);

  /** @param {Model} model @param {[string, string[]][]} rows */
  function build(model, rows) {
    const labels = rows[0][1].map((_, n) => netLabel(model, n)), names = rows.map(([name]) => name);
    const isNew = rebuild(head, JSON.stringify([labels, names]), () => (labels.length < 2 ? [] : [element("tr", null, element("td"), ...labels.map((label) => element("th", { scope: "col" }, label)))]));
    if (!isNew) return;
    cells = rows.map(([, values]) => values.map(() => element("td")));
    body.replaceChildren(...names.map((name, k) => element("tr", { class: k === 0 ? "first" : null }, element("th", { scope: "row" }, name), ...cells[k])));
  }

  /** @param {Model} model @param {NetFrame[]} nets */
  function showConfusions(model, nets) {
    const classes = model.state?.scene.classes ?? [], colours = shadesOf(context.host).colours;
    box.hidden = !nets.some((net) => net.confusion);
    matrices.forEach((matrix, n) => {
      const counts = nets[n]?.confusion;
      matrix.root.hidden = !counts || counts.length !== classes.length;
      if (counts && !matrix.root.hidden) matrix.show(hasRival(model) ? netLabel(model, n) : "Confusion, rows held out", classes, counts, colours);
    });
  }

  /** @param {Model} model */
  function draw(model) {
    const nets = (model.state?.nets ?? []).map((_, n) => netFrame(model, n)).filter((net) => net !== null);
    root.hidden = nets.length === 0 || nets.length !== model.state?.nets.length;
    if (root.hidden) return;
    const rows = scoreRows(nets);
    build(model, rows);
    rows.forEach(([, values], k) => values.forEach((value, n) => setText(cells[k][n], value)));
    setText(words, aheadWords(model, nets));
    words.hidden = nets.length < 2;
    showConfusions(model, nets);
  }

  return {
    root,
    update(model) {
      const now = performance.now(), { version } = shadesOf(context.host);
      if ((last?.frame === model.frame && last?.state === model.state && theme === version) || (model.frame?.running && now - drawn < PACE_OF_MEASURES)) return;
      [last, drawn, theme] = [{ ...model }, now, version];
      draw(model);
    },
  };
}
