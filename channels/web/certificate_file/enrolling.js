// Shows the bank that this browser has the key, by the enrolment every certificate goes through, then keeps it.

import { Problem } from '../shared/api.js';
import { keep, possession, signed } from '../shared/certificate_key.js';
import { api, session } from './here.js';

/** @typedef {import('../shared/certificate_key.js').Key} Key */
/** @typedef {import('../wire.js').Http.CertificateContent} Certificate */
/** @typedef {import('../wire.js').Http.HeldCertificatesContent} Held */

/**
 * Kept last: a key the bank does not know is of no use, one that could not be kept is imported again.
 * @param {Key} key
 * @returns {Promise<Certificate>} Throws Problem, Unreachable.
 */
export async function enrol(key) {
  const enrolled = await asked(key);
  const { name, number } = /** @type {import('../shared/session.js').Stay} */ (session.stay).user;
  await keep({ ...key, holder: name ?? number });
  return enrolled;
}

/** @returns {Promise<readonly Certificate[]>} one's own whose key a browser keeps */
export async function inBrowsers() {
  const { certificates } = /** @type {Held} */ (await api.get('/v1/certificates'));
  return certificates.filter((each) => each.in_browser);
}

/** @param {Key} kept */
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
