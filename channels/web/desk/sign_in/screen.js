// The door of the desk: number, password and the authenticator's code together; a recovery code in its place.

import { css, html } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { session } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {'number' | 'password' | 'totp' | 'recovery_code'} Name */

export class DeskSignIn extends Screen {
  static properties = {
    ...Screen.properties,
    typed: { state: true },
    isRecovering: { state: true },
    sending: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    css`
      form {
        max-width: 28rem;
        margin: 0 auto;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = { number: '', password: '', totp: '', recovery_code: '' };
    this.isRecovering = false;
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    const { number, password, totp, recovery_code } = this.typed;
    const second = this.isRecovering ? { recovery_code } : { totp };
    try {
      await session.signIn('/v1/advisers/sessions', { number, password, ...second });
    } catch (error) {
      this.problem = said(error);
      this.typed = { ...this.typed, password: '', totp: '', recovery_code: '' };
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h1>${t('sign_in')}</h1>
        ${notice('warn', session.ended === null ? '' : t('sign_in.ended'))} ${notice('bad', this.problem)}
        ${this.#field('number', { autocomplete: 'username', mode: 'numeric', most: 64 })}
        ${this.#field('password', { type: 'password', autocomplete: 'current-password' })}
        ${this.isRecovering
          ? this.#field('recovery_code', {})
          : this.#field('totp', { mode: 'numeric', autocomplete: 'one-time-code', hint: t('sign_in.totp.hint'), most: 12 })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('sign_in.send')}</button>
        <button type="button" class="plain" @click=${() => (this.isRecovering = !this.isRecovering)}>
          ${this.isRecovering ? t('sign_in.use_totp') : t('sign_in.use_recovery')}
        </button>
      </form>
    `;
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../../parts/field.js').Field>} more
   */
  #field(name, more) {
    const clean = (/** @type {string} */ value) => (name === 'password' ? value : value.replace(/\s/g, ''));
    const input = (/** @type {string} */ value) => (this.typed = { ...this.typed, [name]: clean(value) });
    return field({ name, label: t(`sign_in.${name}`), value: this.typed[name], input, ...more });
  }
}

customElements.define('ct-desk-sign-in', DeskSignIn);
