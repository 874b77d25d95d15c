// Asks that a substitute be named or ended: opens the operation, and shows it to whoever may sign it.

import { api, router } from '../here.js';

/**
 * Throws Problem, Unreachable.
 * @param {Record<string, string>} payload
 * @param {string} key the same for the same request, however often it is tapped
 */
export async function open(payload, key) {
  const asked = api.post('/v1/actions', { kind: 'substitute', payload }, { key });
  const { id } = /** @type {import('../../wire.js').Http.ActionContent} */ (await asked);
  router.go(`/app/approvals/${id}`);
}
