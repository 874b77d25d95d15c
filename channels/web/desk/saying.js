// What to tell the adviser when something was refused or nobody answered: in words, with what to do next.

import { Problem } from '../shared/api.js';
import { language } from '../shared/language.js';
import { spaced } from '../shared/spacing.js';
import { t } from './words.js';

const KNOWN = /** @type {const} */ ([
  'sign_in_refused',
  'too_many_failures',
  'too_many_requests',
  'person_locked',
  'role_insufficient',
  'outside_portfolio',
  'own_act_unsignable',
  'challenge_closed',
  'nobody_can_sign',
  'fee_unknown',
  'card_order_open',
  'alert_taken',
  'certificate_order_open',
  'certificate_order_closed',
  'means_not_accepted',
  'login_ended',
  'not_authenticated',
  'not_found',
  'password_weak',
  'activation_refused',
  'activation_expired',
  'enrolment_code_wrong',
  'fresh_proof_needed',
  'adviser_number_taken',
  'advisers_too_few',
  'authority_known',
  'certificate_taken',
  'certificate_known_already',
  'invalid_request',
]);

/**
 * @param {unknown} error what an `Api` call threw
 * @returns {string}
 */
export function said(error) {
  if (!(error instanceof Problem)) return t('problem.unreachable');
  const words = error.content.words?.[language]; // the bank's own, where it has some
  if (words) return spaced(words);
  const known = KNOWN.find((code) => code === error.code);
  return known === undefined ? t('problem.other', { code: error.code }) : t(`problem.${known}`);
}
