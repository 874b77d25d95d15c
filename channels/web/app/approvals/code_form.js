// The field for the reader's code: takes what is typed or pasted, sends it once, says what came of it.
//
// A code stays in this field until it is sent, and nowhere else.

import { LitElement, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';
import { readerSheet, readerSteps } from './reader.js';

/** @typedef {import('../../wire.js').Http.ChallengeContent} Challenge */
/** @typedef {import('../../wire.js').Http.ReaderContent} Reader */
/** @typedef {import('../../wire.js').Http.AnsweredContent} Answered */

/** Fires `answered` (detail: the answer) once a code was judged. */
export class CodeForm extends LitElement {
  static styles = [sheet, readerSheet];
  static properties = {
    challenge: { attribute: false },
    code: { state: true },
    card: { state: true },
    sending: { state: true },
    error: { state: true },
    warning: { state: true },
  };

  constructor() {
    super();
    /** @type {Challenge | null} */
    this.challenge = null;
    this.code = '';
    this.card = '';
    this.sending = false;
    this.error = '';
    this.warning = '';
    /** One request however often the button is tapped or the network fails: the same code, the same key. */
    this.key = crypto.randomUUID();
  }

  /** @returns {Reader | undefined} */
  get #reader() {
    const readers = this.challenge?.readers ?? [];
    return readers.find((reader) => reader.card.id === this.card) ?? readers[0];
  }

  /** @param {string} typed */
  #type(typed) {
    this.code = typed.replace(/[\s\-.]/g, '').slice(0, 16);
    this.key = crypto.randomUUID();
    this.error = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const reader = this.#reader;
    if (this.sending || reader === undefined || this.challenge === null) return;
    if (!new RegExp(`^[0-9]{${reader.code_length}}$`).test(this.code)) {
      this.error = t('code.length', { count: reader.code_length });
      return;
    }
    this.sending = true;
    try {
      const proof = { method: 'cap', code: this.code, card: reader.card.id };
      const path = `/v1/challenges/${this.challenge.id}/answers`;
      this.#judged(/** @type {Answered} */ (await api.post(path, proof, { key: this.key })));
    } catch (error) {
      this.error = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {Answered} answered */
  #judged(answered) {
    this.code = '';
    this.key = crypto.randomUUID();
    this.warning = answered.warning ?? '';
    if (answered.answer === 'proof_refused') this.error = t('code.refused', { count: answered.attempts_left });
    if (answered.answer === 'too_late') this.error = t('code.too_late');
    this.dispatchEvent(new CustomEvent('answered', { detail: answered }));
  }

  /** @override */
  render() {
    const reader = this.#reader;
    if (reader === undefined) return nothing;
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h2>${t('code.title')}</h2>
        ${this.#cards()} ${readerSteps(reader)} ${notice('warn', this.warning)}
        ${field({
          name: 'code',
          label: t('code.label', { count: reader.code_length }),
          value: this.code,
          input: (typed) => this.#type(typed),
          error: this.error || undefined,
          mode: 'numeric',
          autocomplete: 'one-time-code',
        })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('code.sending') : t('code.send')}</button>
      </form>
    `;
  }

  /** Somebody who holds several cards says which one is in the reader. */
  #cards() {
    const readers = this.challenge?.readers ?? [];
    if (readers.length < 2) return nothing;
    return html`
      <div class="field">
        <label for="card">${t('code.card')}</label>
        <select id="card" @change=${(/** @type {any} */ event) => (this.card = event.target.value)}>
          ${readers.map(({ card }) => html`<option value=${card.id}>${t(`card.${card.kind}`)} ···· ${card.last4}</option>`)}
        </select>
      </div>
    `;
  }
}

customElements.define('ct-code-form', CodeForm);
