// The field for the reader's code: takes what is typed or pasted, sends it once, says what came of it.

import { html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { whichCard } from '../which_card.js';
import { t } from '../words.js';
import { AnswerForm } from './answer_form.js';
import { readerSheet, readerSteps } from './reader.js';

/** @typedef {import('../../wire.js').Http.ReaderContent} Reader */

export class CodeForm extends AnswerForm {
  static styles = [sheet, readerSheet];
  static properties = { ...AnswerForm.properties, card: { state: true } };

  constructor() {
    super();
    this.card = '';
  }

  /** @returns {Reader | undefined} */
  get #reader() {
    const readers = this.challenge?.readers ?? [];
    return readers.find((reader) => reader.card.id === this.card) ?? readers[0];
  }

  /** @override */
  async proof() {
    const reader = this.#reader;
    if (reader === undefined) return null;
    if (new RegExp(`^[0-9]{${reader.code_length}}$`).test(this.code)) {
      return { method: 'cap', code: this.code, card: reader.card.id };
    }
    this.error = t('code.length', { count: reader.code_length });
    return null;
  }

  /** @param {string} card */
  #choose(card) {
    this.card = card;
    this.type(this.code);
  }

  /** @override */
  render() {
    const reader = this.#reader;
    if (reader === undefined) return nothing;
    const cards = this.challenge?.readers.map(({ card }) => card) ?? [];
    return html`
      <form class="card stack" @submit=${this.send}>
        <h2>${t('code.title')}</h2>
        ${whichCard(cards, reader.card.id, (id) => this.#choose(id))} ${readerSteps(reader)} ${notice('warn', this.warning)}
        ${field({
          name: 'code',
          label: t('code.label', { count: reader.code_length }),
          value: this.code,
          input: (typed) => this.type(typed.replace(/[\s\-.]/g, '').slice(0, 16)),
          error: this.error || undefined,
          mode: 'numeric',
          autocomplete: 'one-time-code',
        })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('code.sending') : t('code.send')}</button>
      </form>
    `;
  }
}

customElements.define('ct-code-form', CodeForm);
