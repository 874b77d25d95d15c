// What to tell the person when something was refused or nobody answered: in words, with what to do next.

import { Problem } from '../shared/api.js';
import { language } from '../shared/language.js';
import { spaced } from '../shared/spacing.js';
import { t } from './words.js';

const KNOWN = /** @type {const} */ ([
  'sign_in_refused',
  'too_many_failures',
  'too_many_requests',
  'person_locked',
  'card_locked',
  'card_blocked',
  'card_not_usable',
  'card_resync_due',
  'card_choice_needed',
  'proof_not_checked',
  'challenge_closed',
  'action_closed',
  'answer_in_progress',
  'no_attempt_left',
  'login_ended',
  'not_authenticated',
  'not_found',
  'fresh_proof_needed',
  'device_known_already',
  'enrolment_ticket_refused',
  'enrolment_closed',
  'enrolment_waiting',
  'digits_wrong',
  'confirmation_closed',
  'device_needed',
  'not_entitled',
  'bridge_needed',
  'activation_refused',
  'activation_expired',
  'store_unavailable',
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
