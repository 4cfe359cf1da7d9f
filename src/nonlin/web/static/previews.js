/**
 * Small pictures of the built-in data sets: a few points drawn by their shape's own rule, the same at every visit.
 * @typedef {{x: number, y: number, kind: number}} Dot kind: a class, or for numbers the value from 0 to 1
 * @typedef {(k: number, chance: () => number) => Dot} Rule the k-th dot in the square from −1 to 1
 */
import { svgElement } from "./element.js";

const DOTS = 44;

/** @param {number} seed @returns {() => number} a small generator (mulberry32), so that previews never change */
function chanceFrom(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {() => number} chance @param {number} width */
const jitter = (chance, width) => (chance() + chance() + chance() - 1.5) * width;

/** @param {number} kind @param {number} angle @param {number} radius @param {number} x @param {number} y */
const around = (kind, angle, radius, x = 0, y = 0) => ({ x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), kind });

const RULES = /** @type {Record<string, Rule>} */ ({
  moon(k, chance) {
    const t = Math.PI * chance(), dot = k % 2 ? around(1, -t, 0.6, 0.28, 0.15) : around(0, t, 0.6, -0.28, -0.15);
    return { ...dot, x: dot.x + jitter(chance, 0.1), y: dot.y + jitter(chance, 0.1) };
  },
  circle: (k, chance) => around(1 - k % 2, 2 * Math.PI * chance(), k % 2 ? 0.36 * Math.sqrt(chance()) : 0.68 + 0.2 * chance()),
  spiral(k, chance) {
    const t = 0.08 + 0.92 * chance();
    return around(k % 2, 1.75 * Math.PI * t + (k % 2) * Math.PI, 0.88 * t);
  },
  xor(_k, chance) {
    const x = 1.8 * chance() - 0.9, y = 1.8 * chance() - 0.9;
    return { x: x + 0.1 * Math.sign(x), y: y + 0.1 * Math.sign(y), kind: x * y > 0 ? 1 : 0 };
  },
  gauss: (k, chance) => ({ x: (k % 2 ? 0.42 : -0.42) + jitter(chance, 0.34), y: (k % 2 ? 0.42 : -0.42) + jitter(chance, 0.34), kind: k % 2 }),
  plane(_k, chance) {
    const x = 1.8 * chance() - 0.9, y = 1.8 * chance() - 0.9;
    return { x, y, kind: (x + y + 1.8) / 3.6 };
  },
  hills(_k, chance) {
    const x = 1.8 * chance() - 0.9, y = 1.8 * chance() - 0.9;
    return { x, y, kind: 0.5 + 0.5 * Math.sin(3.2 * x) * Math.cos(3.2 * y) };
  },
});

/** Which rule a name means. */
const NAMES = /** @type {[RegExp, string][]} */ ([
  [/moon/, "moon"], [/circ|ring/, "circle"], [/spiral/, "spiral"], [/xor/, "xor"], [/plane|slope/, "plane"], [/hill/, "hills"], [/gauss|cloud/, "gauss"],
]);

/** The marks of the classes as paths around (0, 0): circle, square, triangle … @param {number} kind @param {number} r */
export function markPath(kind, r) {
  const n = (/** @type {number} */ v) => v.toFixed(2);
  const s = r * 0.89, t = r * 1.15;
  const shapes = [
    `M${n(-r)} 0A${n(r)} ${n(r)} 0 1 0 ${n(r)} 0A${n(r)} ${n(r)} 0 1 0 ${n(-r)} 0Z`,
    `M${n(-s)} ${n(-s)}H${n(s)}V${n(s)}H${n(-s)}Z`,
    `M0 ${n(-t)}L${n(t)} ${n(0.8 * t)}H${n(-t)}Z`,
    `M0 ${n(-1.3 * r)}L${n(1.3 * r)} 0L0 ${n(1.3 * r)}L${n(-1.3 * r)} 0Z`,
    `M0 ${n(t)}L${n(t)} ${n(-0.8 * t)}H${n(-t)}Z`,
    `M${n(-t)} ${n(-0.4 * r)}H${n(-0.4 * r)}V${n(-t)}H${n(0.4 * r)}V${n(-0.4 * r)}H${n(t)}V${n(0.4 * r)}H${n(0.4 * r)}V${n(t)}H${n(-0.4 * r)}V${n(0.4 * r)}H${n(-t)}Z`,
  ];
  return shapes[kind % shapes.length];
}

/** @param {string} name @param {string} task @returns {SVGSVGElement | null} null where there is nothing to draw by */
export function preview(name, task) {
  const rule = RULES[NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? ""];
  if (!rule) return null;
  const chance = chanceFrom(7);
  const svg = svgElement("svg", { class: "preview", viewBox: "-1.15 -1.15 2.3 2.3", "aria-hidden": "true" });
  for (let k = 0; k < DOTS; k++) {
    const dot = rule(k, chance);
    const place = `translate(${dot.x.toFixed(3)} ${(-dot.y).toFixed(3)})`;
    if (task === "regression") svg.append(svgElement("circle", { r: 0.085, transform: place, class: `value value${Math.round(4 * dot.kind)}` }));
    else svg.append(svgElement("path", { d: markPath(dot.kind, 0.08), transform: place, class: `mark mark${dot.kind}` }));
  }
  return svg;
}
