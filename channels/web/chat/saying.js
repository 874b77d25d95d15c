// What to tell whoever writes when something was refused or nobody answered.

import { Problem } from '../shared/api.js';
import { t } from './words.js';

const KNOWN = /** @type {const} */ ([
  'too_many_messages',
  'conversation_closed',
  'conversation_taken',
  'conversation_not_claimed',
  'file_offered',
  'file_offer_over',
  'not_found',
  'login_ended',
  'not_authenticated',
]);

/**
 * @param {unknown} error what an `Api` call threw
 * @returns {string}
 */
export function said(error) {
  if (!(error instanceof Problem)) return t('assistant.unreachable');
  if (error.code === 'code_in_message') return t('assistant.code');
  const known = KNOWN.find((code) => code === error.code);
  return known === undefined ? t('chat.problem', { code: error.code }) : t(`chat.problem.${known}`);
}
