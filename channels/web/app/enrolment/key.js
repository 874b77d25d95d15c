// A new key for this browser, and the form that shows the bank it is really here.

import { makeKeys, publicKey, signed } from '../../shared/device.js';
import { api } from '../here.js';

/** @param {string} name what the person calls this device */
export async function newDevice(name) {
  const keys = await makeKeys();
  const { nonce } = /** @type {{ nonce: string }} */ (await api.post('/v1/nonces'));
  const signature = await signed(keys, { purpose: 'enrolment', nonce, id: '' });
  return { keys, form: { name, public_key: await publicKey(keys), nonce, signature } };
}
