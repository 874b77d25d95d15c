// Changing one's confidential code, under the old one and a code of the reader together (RTS 2018/389 art. 24).
//
// What was refused is typed again, but for what was not tried: the bank looks at the new code first, and at the card.

import { html } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { Problem, Unreachable } from '../../shared/api.js';
import { CHOSEN, brokenRule } from '../first_entry/chosen.js';
import { t } from '../first_entry/words.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { askedWhich, whichCard } from '../which_card.js';

/** @typedef {'old' | 'cap' | 'code' | 'again'} Name */

const EMPTY = { old: '', cap: '', code: '', again: '' };

export class CodeChange extends Screen {
  static properties = {
    ...Screen.properties,
    typed: { state: true },
    cards: { state: true },
    card: { state: true },
    wrong: { state: true },
    problem: { state: true },
    sending: { state: true },
    isDone: { state: true },
  };

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = EMPTY;
    /** Those the reader's code could be of, once the bank has asked. @type {readonly import('../which_card.js').Card[]} */
    this.cards = [];
    this.card = '';
    /** What is wrong with a field. @type {Partial<Record<Name, string>>} */
    this.wrong = {};
    this.problem = '';
    this.sending = false;
    this.isDone = false;
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const { old, cap, code, again } = this.typed;
    this.problem = '';
    this.wrong = {
      ...(/^[0-9]{1,16}$/.test(cap) ? {} : { cap: t('cap.digits') }),
      ...(again === code ? {} : { again: t('differs') }),
    };
    if (this.sending || Object.keys(this.wrong).length > 0) return;
    this.sending = true;
    try {
      await api.post('/v1/confidential-code', { old, cap, code, card: this.card || null });
      this.isDone = true;
      this.typed = EMPTY;
    } catch (error) {
      this.#refused(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    const rule = brokenRule(error);
    const cards = askedWhich(error);
    if (rule) {
      this.wrong = { code: rule };
      this.typed = { ...this.typed, code: '', again: '' };
    } else if (cards !== null) {
      this.cards = cards;
      this.card = cards[0]?.id ?? '';
      this.problem = said(error);
    } else {
      this.problem = told(error);
      this.typed = EMPTY;
    }
  }

  /** @override */
  render() {
    return html`
      <div class="card stack">
        <h1>${t('change')}</h1>
        ${this.isDone ? notice('good', t('change.done')) : this.#form()}
        <a href="/app/mine">${t('change.back')}</a>
      </div>
    `;
  }

  #form() {
    return html`
      <form class="stack" @submit=${this.#send}>
        <p>${t('change.how')}</p>
        ${this.#field('old', { type: 'password', autocomplete: 'current-password' })}
        ${whichCard(this.cards, this.card, (id) => (this.card = id))}
        ${this.#field('cap', { hint: t('cap.hint'), autocomplete: 'one-time-code', most: 24 })}
        ${this.#field('code', { ...CHOSEN, hint: t('code.hint') })} ${this.#field('again', CHOSEN)}
        ${notice('bad', this.problem)}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('change.send')}</button>
      </form>
    `;
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../../parts/field.js').Field>} more
   */
  #field(name, more) {
    const input = (/** @type {string} */ value) => {
      this.typed = { ...this.typed, [name]: value.replace(/[\s\-.]/g, '') };
      this.wrong = { ...this.wrong, [name]: '' };
    };
    const label = t(name === 'code' ? 'change.code' : name);
    const error = this.wrong[name] || undefined;
    return field({ name, label, value: this.typed[name], input, error, mode: 'numeric', most: 64, ...more });
  }
}

/**
 * Which of the two codes was wrong is not said; where no answer came, nobody knows which code is good now.
 * @param {unknown} error
 */
function told(error) {
  if (error instanceof Unreachable) return t('change.unknown');
  if (!(error instanceof Problem) || error.code !== 'proof_refused' || error.content.words) return said(error);
  return t('change.refused', { count: error.content.attempts_left ?? 0 });
}

customElements.define('ct-code-change', CodeChange);
