// The door of the app: client identifier, user number, and what proves the person.

import { html } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { session } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {'client_identifier' | 'user_number' | 'code' | 'cap'} Name */

export class SignIn extends Screen {
  static properties = { ...Screen.properties, typed: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = { client_identifier: '', user_number: '', code: '', cap: '' };
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    const { client_identifier, user_number, code, cap } = this.typed;
    try {
      await session.signIn('/v1/sessions', { client_identifier, user_number, code: code || null, cap: cap || null });
    } catch (error) {
      this.problem = said(error);
      this.typed = { ...this.typed, code: '', cap: '' };
    } finally {
      this.sending = false;
    }
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../../parts/field.js').Field>} [more]
   */
  #field(name, more = {}) {
    /** @type {Record<Name, string>} */
    const labels = {
      client_identifier: t('sign_in.client'),
      user_number: t('sign_in.user'),
      code: t('sign_in.code'),
      cap: t('sign_in.cap'),
    };
    const input = (/** @type {string} */ value) => (this.typed = { ...this.typed, [name]: value.trim() });
    return field({ name, label: labels[name], value: this.typed[name], input, mode: 'numeric', ...more });
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h1>${t('sign_in')}</h1>
        ${notice('bad', this.problem)} ${this.#field('client_identifier', { autocomplete: 'username' })}
        ${this.#field('user_number')} ${this.#field('code', { type: 'password', autocomplete: 'current-password' })}
        ${this.#field('cap', { hint: t('sign_in.cap.hint'), required: false, autocomplete: 'one-time-code' })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sign_in.sending') : t('sign_in.send')}</button>
      </form>
    `;
  }
}

customElements.define('ct-sign-in', SignIn);
