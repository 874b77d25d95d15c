// What to tell the person when something was refused or nobody answered: in words, with what to do next.

import { Problem } from '../shared/api.js';
import { language } from '../shared/language.js';
import { t } from './words.js';

/**
 * @param {unknown} error what an `Api` call threw
 * @returns {string}
 */
export function said(error) {
  if (!(error instanceof Problem)) return t('problem.unreachable');
  const words = error.content.words?.[language]; // the bank's own, where it has some
  if (words) return words;
  switch (error.code) {
    case 'sign_in_refused':
      return t('problem.sign_in_refused');
    case 'too_many_failures':
      return t('problem.too_many_failures');
    default:
      return t('problem.other', { code: error.code });
  }
}
