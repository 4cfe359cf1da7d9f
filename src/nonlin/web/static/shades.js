import { divergingTable, palette } from "./colours.js";

/**
 * The colours of the present theme, read once and again only when the theme changes: reading a computed style
 * in every frame would make the browser lay the page out in every frame.
 * @typedef {{version: number, colours: import("./colours.js").Palette, diverging: Uint32Array}} Shades
 */

/** @type {WeakMap<HTMLElement, Shades>} */
const shadesOfHosts = new WeakMap();

/** @param {HTMLElement} host @param {number} version @returns {Shades} */
function readShades(host, version) {
  const colours = palette(host);
  return { version, colours, diverging: divergingTable(colours) };
}

/** @param {HTMLElement} host @returns {Shades} the same object as long as it lives; its version counts the themes */
export function shadesOf(host) {
  const known = shadesOfHosts.get(host);
  if (known) return known;
  const shades = readShades(host, 1);
  const refresh = () => Object.assign(shades, readShades(host, shades.version + 1));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  const watch = new MutationObserver(refresh);
  const attributes = { attributes: true, attributeFilter: ["class", "data-theme"] };
  watch.observe(host, attributes);
  watch.observe(document.documentElement, attributes);
  shadesOfHosts.set(host, shades);
  return shades;
}
