// Shows the bank that this browser has the key, by the enrolment every certificate goes through, then keeps it.

import { Problem } from '../shared/api.js';
import { fromBase64Url } from '../shared/base64.js';
import { keep, signed } from '../shared/certificate_key.js';
import { api } from './here.js';

/** @typedef {import('../shared/certificate_key.js').Kept} Kept */
/** @typedef {import('../wire.js').Http.CertificateContent} Certificate */
/** @typedef {import('../wire.js').Http.HeldCertificatesContent} Held */

/**
 * Kept last: a key the bank does not know is of no use, one that could not be kept is imported again.
 * @param {Kept} kept
 * @returns {Promise<Certificate>} Throws Problem, Unreachable.
 */
export async function enrol(kept) {
  const enrolled = await asked(kept);
  await keep(kept);
  return enrolled;
}

/** @returns {Promise<readonly Certificate[]>} one's own whose key a browser keeps */
export async function inBrowsers() {
  const { certificates } = /** @type {Held} */ (await api.get('/v1/certificates'));
  return certificates.filter((each) => each.in_browser);
}

/** @param {Kept} kept */
async function asked(kept) {
  const { nonce } = /** @type {{ nonce: string }} */ (await api.post('/v1/nonces'));
  const jws = await signed(kept, 'contreseing-signin+jws', await possession(nonce));
  try {
    const form = { certificate: kept.certificate, nonce, jws, in_browser: true };
    return /** @type {Certificate} */ (await api.post('/v1/certificates', form));
  } catch (error) {
    const known = isKnown(error) ? (await inBrowsers()).find((each) => each.thumbprint === kept.thumbprint) : undefined;
    if (known === undefined) throw error;
    return known; // another browser of theirs has it too, or this one lost it
  }
}

/** @param {unknown} error */
const isKnown = (error) => error instanceof Problem && error.code === 'certificate_known_already';

/** @param {string} nonce 32 bytes, base64url */
async function possession(nonce) {
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
