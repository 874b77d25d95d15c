// From what the bank answered to the actions it holds: at once, or when their payees have been verified.

import { until } from '../shared/asking.js';

/** @typedef {import('../wire.js').Http.ActionContent} Action */
/** @typedef {import('../wire.js').Http.OpenedContent} Opened */
/** @typedef {import('../wire.js').Http.PreparationContent} Preparation */

const EVERY = 1_000; // milliseconds between questions whether the payees are verified

/** The bank would not hold it after all; the message is the refusal's code. */
export class Refused extends Error {}

/**
 * Return the ids of the actions; none when nobody waits any more. Throws Refused, Problem, Unreachable.
 * @param {import('../shared/api.js').Api} api
 * @param {Action | Opened | Preparation} held
 * @param {AbortSignal} signal aborted when nobody waits any more
 */
export async function opened(api, held, signal) {
  if ('total' in held) return prepared(api, held, signal);
  return 'actions' in held ? held.actions.map(({ id }) => id) : [held.id];
}

/**
 * @param {import('../shared/api.js').Api} api
 * @param {Preparation} held
 * @param {AbortSignal} signal
 */
async function prepared(api, held, signal) {
  const done = await until(
    async () => {
      const found = /** @type {Preparation} */ (await api.get(`/v1/preparations/${held.id}`));
      return found.status === 'checking' ? null : found;
    },
    { every: EVERY, signal },
  );
  if (done !== null && done.actions.length === 0) throw new Refused(done.refusal ?? 'refused');
  return (done?.actions ?? []).map(({ id }) => id);
}
