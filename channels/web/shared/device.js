// This browser as an enrolled device: its P-256 key, which no script can read out, and its token (RULES 22).

import { toBase64Url } from './base64.js';
import { put, removed, taken } from './shelf.js';

/**
 * @typedef {object} Device
 * @property {string} id
 * @property {string} token
 * @property {CryptoKeyPair} keys
 */

const NAME = 'device';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** @returns {Promise<Device | null>} */
export const enrolled = async () => (await taken(NAME)) ?? null;

/** @param {Device} device */
export const keep = (device) => put(NAME, device);

export const forget = () => removed(NAME);

export const makeKeys = () => crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);

/**
 * The public key as enrolment takes it: the uncompressed point (SEC 1, section 2.3.3), base64url.
 * @param {CryptoKeyPair} keys
 */
export const publicKey = async (keys) => toBase64Url(await crypto.subtle.exportKey('raw', keys.publicKey));

/**
 * Sign the lines of `approvals.credentials.device.signed_bytes`: r and s, 64 bytes, base64url.
 * @param {CryptoKeyPair} keys
 * @param {{ purpose: 'enrolment' | 'sign-in' | 'stream', nonce: string, id: string }} what
 */
export async function signed(keys, { purpose, nonce, id }) {
  const lines = ['contreseing device signature v1', purpose, location.origin, nonce, id];
  const bytes = new TextEncoder().encode(lines.join('\n'));
  return toBase64Url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, bytes));
}
