// Asks again and again until there is an answer to go on with: for what another screen does meanwhile.

/**
 * @template T
 * @param {() => Promise<T | null>} ask null: not yet
 * @param {{ every: number, signal: AbortSignal }} how milliseconds between questions; aborted: nobody waits any more
 * @returns {Promise<T | null>} null when it was given up
 */
export async function until(ask, { every, signal }) {
  while (!signal.aborted) {
    const found = await ask();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  return null;
}
