/**
 * Settings and view as the page's address (#data=moons&hidden=8,8), and back.
 * The text says its own types, since the first message leaves before the server has named them: what looks like a number is
 * one, a comma makes a list ("8," holds one item, "," none), and a text that would be misread starts with an apostrophe.
 */

/** The view's keys that an address may hold. */
const VIEW_KEYS = ["discretise", "held", "panel", "tour", "hide"];

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @param {any} value @returns {string} */
function writeItem(value) {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = String(value ?? "");
  const guarded = NUMBER.test(text) || /^(true|false|'.*)$/.test(text) ? `'${text}` : text;
  return encodeURIComponent(guarded).replaceAll("%20", "+").replaceAll("%3B", ";").replaceAll("%3D", "%3D").replaceAll("%2F", "/");
}

/** @param {any} value @returns {string} */
function writeValue(value) {
  if (!Array.isArray(value)) return writeItem(value);
  return value.length > 1 ? value.map(writeItem).join(",") : `${value.map(writeItem).join("")},`;
}

/** @param {string} text @returns {any} */
function readItem(text) {
  let plain = text.replaceAll("+", " ");
  try {
    plain = decodeURIComponent(plain);
  } catch {
    return plain; // a broken escape: the server will say that it is no value
  }
  if (plain.startsWith("'")) return plain.slice(1);
  if (plain === "true" || plain === "false") return plain === "true";
  return NUMBER.test(plain) ? Number(plain) : plain;
}

/** @param {string} text @returns {any} */
function readValue(text) {
  if (!text.includes(",")) return readItem(text);
  return text.replace(/,$/, "").split(",").filter((item, k) => item !== "" || k > 0).map(readItem);
}

/** @param {string} hash @returns {{settings: Record<string, any>, view: Record<string, any>}} */
export function readAddress(hash) {
  const settings = /** @type {Record<string, any>} */ ({}), view = /** @type {Record<string, any>} */ ({});
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const cut = pair.indexOf("=");
    if (cut < 1) continue;
    const key = pair.slice(0, cut), value = readValue(pair.slice(cut + 1));
    if (VIEW_KEYS.includes(key)) view[key] = value;
    else settings[key] = value;
  }
  return { settings, view: checkedView(view) };
}

/** Keeps of a view only what has the right type: the hash may say anything. @param {Record<string, any>} view */
export function checkedView(view) {
  const good = /** @type {Record<string, any>} */ ({});
  for (const key of ["discretise", "held", "log"]) if (typeof view[key] === "boolean") good[key] = view[key];
  if (typeof view.panel === "string") good.panel = view.panel;
  if (Number.isInteger(view.tour) && view.tour > 0) good.tour = view.tour;
  if (view.hide !== undefined) good.hide = [view.hide].flat().map(String);
  return good;
}

/**
 * @param {import("./protocol.js").Setting[]} schema @param {Record<string, any>} settings
 * @param {Record<string, any>} view @param {Record<string, any>} firstView @returns {string}
 */
export function writeAddress(schema, settings, view, firstView) {
  const pairs = [];
  const differs = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) !== JSON.stringify(b);
  for (const { key, default: usual } of schema) {
    if (settings[key] !== undefined && differs(settings[key], usual)) pairs.push(`${key}=${writeValue(settings[key])}`);
  }
  for (const key of VIEW_KEYS) {
    if (differs(view[key], firstView[key]) && view[key] !== null) pairs.push(`${key}=${writeValue(view[key])}`);
  }
  return pairs.length ? `#${pairs.join("&")}` : "";
}
