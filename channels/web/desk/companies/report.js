// A card taken out of use at once, on one adviser's word; giving access back is asked for and countersigned.

import { LitElement, css, html } from 'lit';
import { choice } from '../../parts/choice.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.TroubleForm['trouble']} Trouble */

const TROUBLES = /** @type {const} */ (['lost', 'stolen', 'broken', 'blocked']);

/** Fires `reported` once the card is out of use. */
export class ReportCard extends LitElement {
  static styles = [
    sheet,
    css`
      :host([open]) {
        flex-basis: 100%;
      }
      form {
        max-width: 40rem;
      }
    `,
  ];
  static properties = {
    card: { attribute: false },
    isOpen: { type: Boolean, reflect: true, attribute: 'open' },
    trouble: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** Its id. */
    this.card = '';
    this.isOpen = false;
    /** @type {Trouble} */
    this.trouble = 'lost';
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      await api.post(`/v1/cards/${this.card}/report`, { trouble: this.trouble }); // twice is once
      this.isOpen = false;
      this.dispatchEvent(new Event('reported'));
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (!this.isOpen) {
      return html`<button class="danger" @click=${() => (this.isOpen = true)}>${t('report')}</button>`;
    }
    return html`
      <form class="card stack" @submit=${this.#send}>
        <strong>${t('report')}</strong>
        <p class="soft">${t('report.how')}</p>
        ${notice('bad', this.problem)}
        ${choice({
          name: 'trouble',
          label: t('choice.reason'),
          value: this.trouble,
          options: TROUBLES.map((trouble) => /** @type {const} */ ([trouble, t(`choice.reason.${trouble}`)])),
          change: (chosen) => (this.trouble = /** @type {Trouble} */ (chosen)),
        })}
        <div class="row">
          <button class="danger main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('report.send')}</button>
          <button type="button" class="plain" @click=${() => (this.isOpen = false)}>${t('back')}</button>
        </div>
      </form>
    `;
  }
}

customElements.define('ct-report-card', ReportCard);
