// The screen that enrols a further device: shows the QR code, then takes the two digits the new device shows.

import { css, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { until } from '../../shared/asking.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.OfferedEnrolmentContent} Offered */
/** @typedef {import('../../wire.js').Http.EnrolmentContent} Enrolment */

export class OfferEnrolment extends Screen {
  static properties = {
    ...Screen.properties,
    offered: { state: true },
    device: { state: true },
    digits: { state: true },
    outcome: { state: true },
    problem: { state: true },
    sending: { state: true },
  };
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
        overflow-wrap: anywhere;
      }
    `,
  ];

  #gone = new AbortController();

  constructor() {
    super();
    /** @type {Offered | null} */
    this.offered = null;
    /** What the new device calls itself, once it has read the code. @type {string | null} */
    this.device = null;
    this.digits = '';
    /** @type {'done' | 'closed' | null} */
    this.outcome = null;
    this.problem = '';
    this.sending = false;
  }

  /** @override */
  disconnectedCallback() {
    this.#gone.abort();
    super.disconnectedCallback();
  }

  async #offer() {
    this.outcome = this.device = null;
    this.digits = this.problem = '';
    try {
      this.offered = /** @type {Offered} */ (await api.post('/v1/enrolments'));
      await until(() => this.#look(), { every: 1000, signal: this.#gone.signal });
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @returns {Promise<true | null>} true: there is nothing more to wait for */
  async #look() {
    const { status, device } = /** @type {Enrolment} */ (await api.get(`/v1/enrolments/${this.offered?.id}`));
    if (this.outcome !== null) return true;
    if (status === 'scanned') this.device = device;
    if (status === 'closed') this.outcome = 'closed';
    return status === 'offered' || (status === 'scanned' && stream.state !== 'over') ? null : true;
  }

  /** @param {SubmitEvent} event */
  async #confirm(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    try {
      await api.post(`/v1/enrolments/${this.offered?.id}/confirmation`, { digits: this.digits });
      this.outcome = 'done';
    } catch (error) {
      this.problem = said(error);
      this.outcome = 'closed';
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    return html`
      <div class="card stack">
        <h1>${t('offer')}</h1>
        ${notice('bad', this.problem)} ${this.#step()}
        <a href="/app/mine">${t('offer.back')}</a>
      </div>
    `;
  }

  #step() {
    if (this.outcome === 'done') return notice('good', t('offer.done'));
    if (this.offered === null || this.outcome === 'closed') {
      return html`${this.outcome === 'closed' && !this.problem ? notice('warn', t('offer.closed')) : nothing}
        <p>${t('offer.how')}</p>
        <button class="main" @click=${this.#offer}>${t('offer.show')}</button>`;
    }
    return this.device === null ? this.#code(this.offered) : this.#digits(this.device);
  }

  /** @param {Offered} offered */
  #code({ qr, ticket }) {
    return html`
      <p>${t('offer.scan')}</p>
      <img src="data:image/svg+xml,${encodeURIComponent(qr)}" alt=${t('offer.qr')} />
      <details>
        <summary>${t('offer.no_camera')}</summary>
        <p>${t('offer.type')}</p>
        <code>${ticket}</code>
      </details>
    `;
  }

  /** @param {string} device */
  #digits(device) {
    return html`
      <form class="stack" @submit=${this.#confirm}>
        <p>${t('offer.scanned')} <bdi>${device}</bdi></p>
        ${field({
          name: 'digits',
          label: t('offer.digits'),
          hint: t('offer.digits.hint'),
          value: this.digits,
          input: (digits) => (this.digits = digits.trim()),
          mode: 'numeric',
          most: 2,
        })}
        <button class="main" ?disabled=${this.sending || !/^[0-9]{2}$/.test(this.digits)}>${t('offer.confirm')}</button>
      </form>
    `;
  }
}

customElements.define('ct-offer-enrolment', OfferEnrolment);
