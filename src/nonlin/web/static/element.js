/**
 * DOM without markup in strings: every node of the playground is made here, so no text can become HTML.
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, any>} Attributes
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Sets plain attributes, listeners (`onclick: f`) and `dataset`; null and false leave the attribute away.
 * @param {Element} node @param {Attributes | null} attributes
 */
export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else if (name === "dataset") Object.assign(/** @type {HTMLElement} */ (node).dataset, value);
    else if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
}

/** @param {Element} node @param {Child[]} children */
function appendAll(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Attributes | null} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = null, ...children) {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  appendAll(node, children);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag @param {Attributes | null} [attributes] @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svgElement(tag, attributes = null, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attributes);
  appendAll(node, children);
  return node;
}

/**
 * Writes text only where it differs, so that a frame without news touches no layout.
 * @param {Node} node @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Replaces the children only where the key has changed: menus keep their focus while frames arrive.
 * @param {HTMLElement | SVGElement} node @param {string} key @param {() => Child[]} build
 * @returns {boolean} whether it was rebuilt
 */
export function rebuild(node, key, build) {
  if (node.dataset.built === key) return false;
  node.dataset.built = key;
  node.replaceChildren();
  appendAll(node, build());
  return true;
}
