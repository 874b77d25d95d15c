// Saying no: with a reason, asked once more before it is sent, since nothing undoes it.

import { LitElement, css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.RefusalReason} Reason */

/** @type {readonly Reason[]} */
const REASONS = ['wrong_content', 'not_now', 'not_me', 'other'];

/** Fires `refused`. */
export class Refusal extends LitElement {
  static styles = [
    sheet,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
      }
    `,
  ];
  static properties = {
    challenge: { attribute: false },
    isOpen: { state: true },
    reason: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.challenge = '';
    this.isOpen = false;
    /** @type {Reason} */
    this.reason = 'wrong_content';
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    try {
      await api.post(`/v1/challenges/${this.challenge}/refusal`, { reason: this.reason });
      this.dispatchEvent(new Event('refused'));
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  async #open() {
    this.isOpen = true;
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('input'))?.focus();
  }

  /** @override */
  render() {
    if (!this.isOpen) return html`<button class="danger" @click=${this.#open}>${t('refuse')}</button>`;
    return html`
      <form class="card stack" @submit=${this.#send}>
        <fieldset>
          <legend>${t('refuse.why')}</legend>
          ${REASONS.map((reason) => this.#choice(reason))}
        </fieldset>
        ${this.reason === 'not_me' ? notice('warn', t('refuse.not_me.warning')) : nothing} ${notice('bad', this.problem)}
        <div class="row">
          <button class="danger main" ?disabled=${this.sending}>${t('refuse.send')}</button>
          <button type="button" class="plain" @click=${() => (this.isOpen = false)}>${t('back')}</button>
        </div>
      </form>
    `;
  }

  /** @param {Reason} reason */
  #choice(reason) {
    return html`
      <label class="tick">
        <input type="radio" name="reason" .checked=${this.reason === reason} @change=${() => (this.reason = reason)} />
        ${t(`refuse.${reason}`)}
      </label>
    `;
  }
}

customElements.define('ct-refusal', Refusal);
