// A new authenticator: its seed as a QR code, its first code, then the recovery codes. Each is shown this once.

import { LitElement, css, html } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { said } from '../saying.js';
import { t } from '../advisers/words.js';
import { t as common } from '../words.js';

/** @typedef {import('../../wire.js').Http.ShownSeedContent} ShownSeed */
/** @typedef {import('../../wire.js').Http.RecoveryCodesContent} RecoveryCodes */

/** Fires `enrolled` when the first code was right; what the slot holds is shown below the recovery codes. */
export class NewAuthenticator extends LitElement {
  static styles = [
    sheet,
    css`
      img {
        width: min(100%, 280px);
        background: #fff;
        border-radius: 8px;
        justify-self: center;
      }
      code {
        font-size: 1.1rem;
        overflow-wrap: anywhere;
      }
      ul {
        justify-items: center;
      }
    `,
  ];
  static properties = {
    shown: { attribute: false },
    confirm: { attribute: false },
    code: { state: true },
    codes: { state: true },
    sending: { state: true },
    error: { state: true },
  };

  constructor() {
    super();
    /** @type {ShownSeed | null} */
    this.shown = null;
    /** Sends the first code. @type {(totp: string) => Promise<RecoveryCodes>} */
    this.confirm = () => Promise.reject(new Error('nothing to confirm'));
    this.code = '';
    /** @type {readonly string[] | null} */
    this.codes = null;
    this.sending = false;
    this.error = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    if (!/^[0-9]{6}$/.test(this.code)) {
      this.error = t('authenticator.code.length');
      return;
    }
    this.sending = true;
    try {
      this.codes = (await this.confirm(this.code)).recovery_codes;
      this.shown = null;
      this.dispatchEvent(new Event('enrolled'));
    } catch (error) {
      this.error = said(error);
    } finally {
      this.sending = false;
      this.code = '';
    }
  }

  /** @override */
  render() {
    if (this.codes !== null) return this.#recovery(this.codes);
    return this.shown === null ? html`` : this.#enrolling(this.shown);
  }

  /** @param {ShownSeed} shown */
  #enrolling({ qr, seed }) {
    return html`
      <form class="stack" @submit=${this.#send}>
        <h2>${t('authenticator')}</h2>
        <p>${t('authenticator.scan')}</p>
        <img src=${qr} alt=${t('authenticator.qr')} />
        <details>
          <summary>${t('authenticator.no_camera')}</summary>
          <p>${t('authenticator.type')}</p>
          <code>${seed.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </details>
        ${field({
          name: 'totp',
          label: t('authenticator.code'),
          hint: t('authenticator.code.hint'),
          value: this.code,
          input: (typed) => {
            this.code = typed.replace(/\s/g, '').slice(0, 6);
            this.error = '';
          },
          error: this.error || undefined,
          mode: 'numeric',
          autocomplete: 'one-time-code',
          most: 12,
        })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? common('sending') : t('authenticator.send')}</button>
      </form>
    `;
  }

  /** @param {readonly string[]} codes */
  #recovery(codes) {
    return html`
      <section class="stack">
        ${notice('good', t('recovery.done'))}
        <h2>${t('recovery')}</h2>
        <p>${t('recovery.how')}</p>
        <ul class="plain stack">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
        <slot></slot>
      </section>
    `;
  }
}

customElements.define('ct-new-authenticator', NewAuthenticator);
