// The door of the desk: number, password, and the authenticator's code or else a recovery code.

import { html } from 'lit';
import { field } from '../parts/field.js';
import { notice } from '../parts/notice.js';
import { Screen } from '../parts/screen.js';
import { router, session } from './here.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @typedef {'number' | 'password' | 'totp' | 'recovery_code'} Name */

export class SignIn extends Screen {
  static properties = {
    ...Screen.properties,
    typed: { state: true },
    second: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = { number: '', password: '', totp: '', recovery_code: '' };
    /** @type {'totp' | 'recovery_code'} */
    this.second = 'totp';
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    const { number, password } = this.typed;
    try {
      await session.signIn('/v1/advisers/sessions', { number, password, [this.second]: this.typed[this.second] });
      if (this.second === 'recovery_code') router.go('/desk/mine/recovery'); // it signs nothing: another authenticator does
    } catch (error) {
      this.problem = said(error);
      this.typed = { ...this.typed, totp: '', recovery_code: '' };
    } finally {
      this.sending = false;
    }
  }

  #turn() {
    this.second = this.second === 'totp' ? 'recovery_code' : 'totp';
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h1>${t('sign_in')}</h1>
        ${notice('warn', session.ended === null ? '' : t('sign_in.ended'))} ${notice('bad', this.problem)}
        ${this.#field('number', { autocomplete: 'username' })}
        ${this.#field('password', { type: 'password', autocomplete: 'current-password' })}
        ${this.second === 'totp'
          ? this.#field('totp', { hint: t('sign_in.totp.hint'), mode: 'numeric', autocomplete: 'one-time-code', most: 12 })
          : this.#field('recovery_code', { hint: t('sign_in.recovery_code.hint') })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('sign_in.send')}</button>
        <button type="button" class="plain" @click=${this.#turn}>${t(`sign_in.instead.${this.second}`)}</button>
        <p><a href="/desk/first">${t('sign_in.first')}</a></p>
      </form>
    `;
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../parts/field.js').Field>} more
   */
  #field(name, more) {
    const input = (/** @type {string} */ value) => {
      this.typed = { ...this.typed, [name]: name === 'password' ? value : value.replace(/\s/g, '') };
    };
    return field({ name, label: t(`sign_in.${name}`), value: this.typed[name], input, ...more });
  }
}

customElements.define('ct-desk-sign-in', SignIn);
