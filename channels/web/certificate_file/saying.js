// What to tell the person when their file gave no key or the bank said no: in words, with what to do next.

import { Problem, Unreachable } from '../shared/api.js';
import { language } from '../shared/language.js';
import { Fault } from './fault.js';
import { t } from './words.js';

const KNOWN = /** @type {const} */ ([
  'browser_keys_off',
  'certificate_known_already',
  'certificate_not_active',
  'certificate_taken',
  'fresh_proof_needed',
  'login_ended',
  'means_not_accepted',
  'not_authenticated',
  'person_locked',
  'revocation_unavailable',
]);

/** @param {unknown} error */
export function said(error) {
  if (error instanceof Fault) return t(`fault.${error.why}`);
  if (error instanceof Unreachable) return t('problem.unreachable');
  if (!(error instanceof Problem)) return t('problem.browser');
  const words = error.content.words?.[language]; // the bank's own: why this certificate is not taken
  if (words) return t('problem.certificate', { why: words });
  const known = KNOWN.find((code) => code === error.code);
  return known === undefined ? t('problem.other', { code: error.code }) : t(`problem.${known}`);
}
