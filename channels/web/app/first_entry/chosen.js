// A confidential code of one's own choice: how it is typed, and what the bank finds wrong with it.

import { Problem } from '../../shared/api.js';
import { t } from './words.js';

const RULES = /** @type {const} */ (['shape', 'repeated', 'sequence', 'date', 'identifier', 'unchanged']);

/** @type {Partial<import('../../parts/field.js').Field>} */
export const CHOSEN = { type: 'password', mode: 'numeric', autocomplete: 'new-password' };

/**
 * Which rule the code breaks, in words; nothing was spent then.
 * @param {unknown} error
 */
export function brokenRule(error) {
  const rule = error instanceof Problem ? RULES.find((each) => each === error.content.rule) : undefined;
  return rule === undefined ? '' : t(`rule.${rule}`);
}
