// What the person comes in with besides what they type: this browser's own proof, and the numbers it remembers.

import { possession, signed as signedBy } from '../../shared/certificate_key.js';
import { signed } from '../../shared/device.js';
import { put, removed, taken } from '../../shared/shelf.js';
import { api, session, stream } from '../here.js';

/** @typedef {{ client_identifier: string, user_number: string }} Numbers */

const REMEMBERED = 'numbers';

/** The two numbers are no secret: whoever wishes need not type them again here. @returns {Promise<Numbers | null>} */
export const remembered = async () => (await taken(REMEMBERED)) ?? null;

/** @param {Numbers | null} numbers null: forget them */
export const remember = (numbers) => (numbers === null ? removed(REMEMBERED) : put(REMEMBERED, numbers));

/** The enrolled device's signature over a number of the bank's; null where this browser is none. */
export async function deviceProof() {
  await session.ready; // the device is known by then
  const { device } = stream;
  if (device === null) return null;
  const { nonce } = /** @type {{ nonce: string }} */ (await api.post('/v1/nonces'));
  const signature = await signed(device.keys, { purpose: 'sign-in', nonce, id: device.id });
  return { device: device.id, nonce, signature };
}

/**
 * The signature of a certificate's key over a number of the bank's, made for these two numbers.
 * @param {Numbers} numbers
 * @param {import('../../shared/certificate_key.js').Kept} kept
 */
export async function certificateProof(numbers, kept) {
  const { nonce } = /** @type {{ nonce: string }} */ (await api.post('/v1/sessions/certificate/nonces', numbers));
  return { nonce, jws: await signedBy(kept, 'contreseing-signin+jws', await possession(nonce)) };
}
