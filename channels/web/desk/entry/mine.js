// One's own access: who one is to the bank, and another authenticator in the place of the one there is.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../advisers/words.js';
import { t as common } from '../words.js';
import './authenticator.js';

/** @typedef {import('../../wire.js').Http.AdviserContent} Adviser */
/** @typedef {import('../../wire.js').Http.ShownSeedContent} ShownSeed */

export class Mine extends Screen {
  static properties = {
    ...Screen.properties,
    me: { state: true },
    shown: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  static styles = [
    sheet,
    css`
      .card {
        max-width: 40rem;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Adviser | null} */
    this.me = null;
    /** The other authenticator's seed. @type {ShownSeed | null} */
    this.shown = null;
    this.sending = false;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#do(async () => (this.me = await api.get('/v1/advisers/me')));
  }

  #begin() {
    void this.#do(async () => (this.shown = await api.post('/v1/advisers/me/authenticator')));
  }

  /** @param {() => Promise<unknown>} work one thing at a time */
  async #do(work) {
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      await work();
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    const { me } = this;
    return html`
      <div class="stack">
        <h1>${t('mine')}</h1>
        ${me === null
          ? nothing
          : html`<p>
              <bdi>${me.name}</bdi> · ${t('adviser.number', { number: me.number })} · ${common(`choice.role.${me.role}`)}
            </p>`}
        ${this.parts.why === 'recovery' ? notice('warn', t('mine.lost')) : nothing}
        <section class="card stack">
          <h2>${t('mine.other')}</h2>
          ${notice('bad', this.problem)} ${this.shown === null ? this.#offer() : this.#authenticator(this.shown)}
        </section>
      </div>
    `;
  }

  #offer() {
    return html`
      <p>${t('mine.other.how')}</p>
      <div class="row">
        <button class="main" ?disabled=${this.sending} @click=${this.#begin}>${t('mine.other.begin')}</button>
      </div>
    `;
  }

  /** @param {ShownSeed} shown */
  #authenticator(shown) {
    const confirm = (/** @type {string} */ totp) => api.post('/v1/advisers/me/authenticator/confirmation', { totp });
    return html`
      <ct-new-authenticator .shown=${shown} .confirm=${confirm}>
        <div class="row"><button class="main" @click=${() => (this.shown = null)}>${t('mine.noted')}</button></div>
      </ct-new-authenticator>
    `;
  }
}

customElements.define('ct-desk-mine', Mine);
