// Whether and when a device comes back after its stream was closed (docs/stream.md): pure, chance passed in.

const SHORTEST = 1_000;
const LONGEST = 60_000;

/** How long after `synced` a connection must hold before the pauses begin anew, in milliseconds. */
export const CALM = 30_000;

/**
 * @param {number} code why the socket closed
 * @param {number} failures connections lost in a row, this one included
 * @param {{ drainAfter: number | null, draw: () => number }} how `drainAfter`: the pause the server asked for;
 *   `draw`: chance, 0 to 1
 * @returns {number | null} milliseconds to wait; null: not by itself
 */
export function pause(code, failures, { drainAfter, draw }) {
  if (code === 1000 || (code >= 4000 && code < 4100)) return null;
  if (code >= 4200 && code < 4300 && drainAfter !== null) return drainAfter;
  return draw() * Math.min(SHORTEST * 2 ** failures, LONGEST);
}
