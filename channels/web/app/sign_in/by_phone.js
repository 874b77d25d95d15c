// Coming in here by confirming on one's phone: this screen shows two digits, which are typed there (RULES 24).

import { LitElement, html } from 'lit';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { Problem } from '../../shared/api.js';
import { until } from '../../shared/asking.js';
import { api, session } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.AskedForContent} Asked */

export class SignInByPhone extends LitElement {
  static properties = { numbers: { attribute: false }, asked: { state: true }, problem: { state: true } };
  static styles = [sheet];

  #gone = new AbortController();

  constructor() {
    super();
    /** @type {import('./claim.js').Numbers} */
    this.numbers = { client_identifier: '', user_number: '' };
    /** @type {Asked | null} */
    this.asked = null;
    this.problem = '';
  }

  /** @override */
  disconnectedCallback() {
    this.#gone.abort();
    super.disconnectedCallback();
  }

  async #ask() {
    this.problem = '';
    try {
      this.asked = /** @type {Asked} */ (await api.post('/v1/confirmations', this.numbers));
      await this.updateComplete;
      this.renderRoot.querySelector('.digits')?.scrollIntoView({ block: 'center' }); // they stand under the whole form
      await until(() => this.#complete(), { every: 1500, signal: this.#gone.signal });
    } catch (error) {
      this.problem = said(error);
      this.asked = null;
    }
  }

  /** @returns {Promise<true | null>} */
  async #complete() {
    try {
      await session.signIn('/v1/confirmations/completion', { ...this.numbers, secret: this.asked?.secret });
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === 'sign_in_waiting') return null;
      throw error;
    }
  }

  /** @override */
  render() {
    const isNamed = this.numbers.client_identifier !== '' && this.numbers.user_number !== '';
    if (this.asked === null) {
      return html`<div class="stack">
        ${notice('bad', this.problem)}
        <p class="soft small">${t('by_phone.how')}</p>
        <button type="button" ?disabled=${!isNamed} @click=${this.#ask}>${t('by_phone')}</button>
      </div>`;
    }
    return html`
      <div class="stack">
        <p>${t('by_phone.digits')}</p>
        <p class="digits" role="status">${this.asked.digits}</p>
        <p class="soft small">${t('by_phone.waiting')}</p>
      </div>
    `;
  }
}

customElements.define('ct-sign-in-by-phone', SignInByPhone);
