// First entry: with the secret of the bank's letter a person chooses their confidential code.
//
// Neither is kept: what was refused is typed again, but for the secret of a letter that is still good.

import { html } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { CHOSEN, brokenRule } from './chosen.js';
import { t } from './words.js';

/** @typedef {'client_identifier' | 'user_number' | 'secret' | 'code' | 'again'} Name */

export class FirstEntry extends Screen {
  static properties = {
    ...Screen.properties,
    typed: { state: true },
    sending: { state: true },
    isDone: { state: true },
    wrong: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = { client_identifier: '', user_number: '', secret: '', code: '', again: '' };
    this.sending = false;
    this.isDone = false;
    /** What is wrong with the code chosen. */
    this.wrong = '';
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const { again, ...form } = this.typed;
    this.problem = '';
    this.wrong = again === form.code ? '' : t('differs');
    if (this.sending || this.wrong) return;
    this.sending = true;
    try {
      await api.post('/v1/activations', form);
      this.isDone = true;
    } catch (error) {
      this.wrong = brokenRule(error);
      this.problem = this.wrong ? '' : said(error);
    } finally {
      this.sending = false;
      this.typed = { ...this.typed, code: '', again: '' };
    }
  }

  /** @override */
  render() {
    return html`
      <div class="card stack">
        <h1>${t('title')}</h1>
        ${this.isDone
          ? html`${notice('good', t('done'))} <a class="button main" href="/app">${t('go')}</a>`
          : this.#form()}
      </div>
    `;
  }

  #form() {
    return html`
      <form class="stack" @submit=${this.#send}>
        <p>${t('how')}</p>
        ${this.#field('client_identifier', { autocomplete: 'username', mode: 'numeric' })}
        ${this.#field('user_number', { mode: 'numeric' })} ${this.#field('secret', { hint: t('secret.hint') })}
        ${this.#field('code', { ...CHOSEN, hint: t('code.hint'), error: this.wrong || undefined })}
        ${this.#field('again', CHOSEN)} ${notice('bad', this.problem)}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('send')}</button>
        <p><a href="/app">${t('back')}</a></p>
      </form>
    `;
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../../parts/field.js').Field>} more
   */
  #field(name, more) {
    const input = (/** @type {string} */ value) => (this.typed = { ...this.typed, [name]: value.replace(/\s/g, '') });
    return field({ name, label: t(name), value: this.typed[name], input, most: 64, ...more });
  }
}

customElements.define('ct-first-entry', FirstEntry);
