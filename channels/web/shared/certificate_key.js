// A certificate's key kept by this browser, which no script can read out: what it signs is a detached JWS (RFC 7515 appendix F).

import { fromBase64Url, toBase64Url } from './base64.js';
import { allOf, put, removed, taken } from './shelf.js';

/**
 * @typedef {object} Key
 * @property {CryptoKey} key
 * @property {string} certificate DER, base64
 * @property {string} thumbprint its `x5t#S256`
 */
/** @typedef {Key & { holder: string }} Kept `holder`: whose it is, by name or user number */

const KEPT = 'certificate ';

/** @param {string} thumbprint */
const name = (thumbprint) => `${KEPT}${thumbprint}`;

/** @param {Kept} kept */
export const keep = (kept) => put(name(kept.thumbprint), kept);

/**
 * @param {string} thumbprint
 * @returns {Promise<Kept | undefined>}
 */
export const kept = (thumbprint) => taken(name(thumbprint));

/** @returns {Promise<Kept[]>} */
export const allKept = () => allOf(KEPT);

/** @param {string} thumbprint */
export const forget = (thumbprint) => removed(name(thumbprint));

/**
 * @param {Key} key
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

/**
 * What shows the bank that one has the key: asked by it to sign in, and to enrol.
 * @param {string} nonce 32 bytes, base64url
 */
export async function possession(nonce) {
  return {
    environment: document.querySelector('meta[name=contreseing-environment]')?.getAttribute('content') ?? '',
    purpose: 'sign_in',
    origin_sha256: await digest(new TextEncoder().encode(location.origin)),
    nonce_sha256: await digest(fromBase64Url(nonce)),
  };
}

/** @param {Uint8Array<ArrayBuffer>} content */
async function digest(content) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('');
}
