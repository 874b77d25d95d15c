// A PKCS#12 file and its password: opened here, sent nowhere, and let go of once the key is this browser's.

import { LitElement, css, html } from 'lit';
import { field } from '../parts/field.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { date } from '../shared/format.js';
import { enrol } from './enrolling.js';
import { keyIn } from './importing.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.CertificateContent} Certificate */

/** Fires `imported` once the key is here and the bank takes it. */
export class CertificateForm extends LitElement {
  static styles = [
    sheet,
    css`
      ::file-selector-button {
        margin: 0 8px 0 0;
        padding: 2px 8px;
        border: 1px solid var(--brand);
        border-radius: 8px;
        background: none;
        color: var(--brand);
        font: inherit;
      }
      [type='file'] {
        font-size: 0.875rem; /* else the browser cuts its own words short on a phone */
      }
    `,
  ];
  static properties = {
    password: { state: true },
    sending: { state: true },
    done: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.password = '';
    this.sending = false;
    /** @type {Certificate | null} */
    this.done = null;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const file = new FormData(form).get('file');
    if (this.sending || !(file instanceof File)) return;
    const { password } = this;
    this.password = '';
    this.problem = '';
    this.sending = true;
    try {
      await painted(); // opening it keeps the page busy for a moment
      this.done = await enrol(await keyIn(file, password));
      this.dispatchEvent(new CustomEvent('imported'));
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (this.done !== null) return this.#told(this.done);
    return html`
      <form class="card stack" @submit=${this.#send}>
        <p>${t('how')}</p>
        <p>${t('then')}</p>
        <div class="field">
          <label for="file">${t('file')}</label>
          <span class="soft small" id="file-hint">${t('file.hint')}</span>
          <input
            id="file"
            name="file"
            type="file"
            accept=".p12,.pfx,application/x-pkcs12"
            required
            aria-describedby="file-hint"
            @change=${() => (this.problem = '')}
          />
        </div>
        ${field({
          name: 'password',
          label: t('password'),
          value: this.password,
          input: (password) => (this.password = password),
          type: 'password',
          required: false,
        })}
        ${notice('bad', this.problem)}
        <button class="main" ?disabled=${this.sending}>${t(this.sending ? 'sending' : 'send')}</button>
      </form>
    `;
  }

  /** @param {Certificate} certificate */
  #told({ holder, not_after }) {
    const who = `\u2068${holder.given_name} ${holder.surname}\u2069`; // isolated (UAX #9): a name turns no date round
    return html`
      <div class="card stack">
        ${notice('good', t('done', { who, until: date(not_after) }))}
        <p>${t('done.file')}</p>
        <a class="button main" href="/app">${t('done.go')}</a>
      </div>
    `;
  }
}

/** A frame's time: what was just changed is on the screen. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

customElements.define('ct-certificate-form', CertificateForm);
