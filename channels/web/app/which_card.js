// Which of several cards is in the reader: asked of whoever holds more than one that takes codes.

import { nothing } from 'lit';
import { choice } from '../parts/choice.js';
import { Problem } from '../shared/api.js';
import { t } from './words.js';

/** @typedef {Pick<import('../wire.js').Http.CardContent, 'id' | 'kind' | 'last4'>} Card */

/**
 * @param {readonly Card[]} cards
 * @param {string} value the id of the one chosen
 * @param {(id: string) => void} change
 */
export function whichCard(cards, value, change) {
  if (cards.length < 2) return nothing;
  /** @type {[string, string][]} */
  const options = cards.map(({ id, kind, last4 }) => [id, `${t(`card.${kind}`)} ···· ${last4}`]);
  return choice({ name: 'card', label: t('code.card'), value, options, change });
}

/**
 * The cards a code could be of, where the bank asked for the one meant; nothing of it was spent then.
 * @param {unknown} error
 * @returns {readonly Card[] | null}
 */
export function askedWhich(error) {
  return error instanceof Problem && error.code === 'card_choice_needed' ? (error.content.choices ?? null) : null;
}
