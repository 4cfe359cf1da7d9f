/**
 * The settings that are on their way to the server. What a control asks for next must build on them, and not on the state that
 * is still shown: two quick clicks on "+" are two units.
 */

/** Milliseconds after which an unanswered wish no longer counts. */
const WISH_LASTS = 3000;

/** @typedef {{note: (values: Record<string, any>) => void, settle: (settings: Record<string, any>) => void, drop: () => void,
 *   over: (settings: Record<string, any>) => Record<string, any>}} Wishes */

/** @returns {Wishes} */
export function createWishes() {
  const open = /** @type {Map<string, {value: any, until: number}>} */ (new Map());
  return {
    note(values) {
      const until = performance.now() + WISH_LASTS;
      for (const [key, value] of Object.entries(values)) open.set(key, { value, until });
    },
    /** A state that says the same has answered the wish; an older one leaves it open. */
    settle(settings) {
      for (const [key, { value }] of open) if (JSON.stringify(settings[key]) === JSON.stringify(value)) open.delete(key);
    },
    drop: () => open.clear(),
    over(settings) {
      const alive = [...open].filter(([, wish]) => wish.until > performance.now());
      return { ...settings, ...Object.fromEntries(alive.map(([key, { value }]) => [key, value])) };
    },
  };
}
