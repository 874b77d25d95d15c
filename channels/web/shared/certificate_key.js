// A certificate's key kept by this browser, which no script can read out: what it signs is a detached JWS (RFC 7515 appendix F).

import { toBase64Url } from './base64.js';
import { put, removed, taken } from './shelf.js';

/**
 * @typedef {object} Kept
 * @property {CryptoKey} key
 * @property {string} certificate DER, base64
 * @property {string} thumbprint its `x5t#S256`
 */

/** @param {string} thumbprint */
const name = (thumbprint) => `certificate ${thumbprint}`;

/** @param {Kept} kept */
export const keep = (kept) => put(name(kept.thumbprint), kept);

/**
 * @param {string} thumbprint
 * @returns {Promise<Kept | undefined>}
 */
export const kept = (thumbprint) => taken(name(thumbprint));

/** @param {string} thumbprint */
export const forget = (thumbprint) => removed(name(thumbprint));

/**
 * @param {Kept} kept
 * @param {'contreseing-approval+jws' | 'contreseing-signin+jws'} typ
 * @param {object} content signed in its RFC 8785 form: a flat object of texts and whole numbers
 */
export async function signed({ key, certificate, thumbprint }, typ, content) {
  const { name } = key.algorithm;
  const alg = name === 'ECDSA' ? 'ES256' : 'PS256';
  const header = encoded({ alg, typ, x5c: [certificate], 'x5t#S256': thumbprint });
  const canonical = Object.fromEntries(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)));
  const input = new TextEncoder().encode(`${header}.${encoded(canonical)}`);
  const signature = await crypto.subtle.sign({ name, hash: 'SHA-256', saltLength: 32 }, key, input);
  return `${header}..${toBase64Url(signature)}`;
}

/** @param {object} members */
const encoded = (members) => toBase64Url(new TextEncoder().encode(JSON.stringify(members)).buffer);
