// Sign-ins on other screens that wait for this phone: the two digits shown there are typed here, or it was not the person.

import { LitElement, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ConfirmationContent} Confirmation */

export class ConfirmationsWaiting extends LitElement {
  static styles = [sheet];
  static properties = {
    waiting: { state: true },
    digits: { state: true },
    outcome: { state: true },
    sending: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly Confirmation[]} */
    this.waiting = [];
    this.digits = '';
    /** @type {{ kind: 'good' | 'bad', text: string } | null} */
    this.outcome = null;
    this.sending = false;
    new Listening(this, [[stream, 'frame']], (event) => {
      const { type, kind } = /** @type {CustomEvent} */ (event).detail;
      if (type === 'synced' || (type === 'event' && kind === 'sign_in_requested')) void this.#read();
    });
  }

  async #read() {
    if (stream.device === null) return; // it is enrolled devices that confirm (RULES 24)
    try {
      const page = /** @type {{ items: Confirmation[] }} */ (await api.get('/v1/confirmations'));
      this.waiting = page.items.filter(({ expires }) => expires > stream.now());
      if (this.waiting.length > 0) this.outcome = null;
    } catch {
      // whatever keeps the list from being read is told by the screen below
    }
  }

  /**
   * @param {string} path
   * @param {object | undefined} form
   * @param {string} told
   */
  async #say(path, form, told) {
    if (this.sending) return;
    this.sending = true;
    try {
      await api.post(path, form);
      this.outcome = { kind: 'good', text: told };
    } catch (error) {
      this.outcome = { kind: 'bad', text: said(error) };
    } finally {
      this.sending = false;
      this.digits = '';
      this.waiting = [];
    }
  }

  /** @override */
  render() {
    const [first] = this.waiting;
    if (first === undefined) return this.outcome === null ? nothing : notice(this.outcome.kind, this.outcome.text);
    const path = `/v1/confirmations/${first.id}`;
    const confirm = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void this.#say(`${path}/answer`, { digits: this.digits }, t('confirm.done'));
    };
    return html`
      <form class="card stack" @submit=${confirm} aria-labelledby="asked">
        <h2 id="asked">${t('confirm')}</h2>
        <p>${t('confirm.asked', { when: moment(first.asked) })}</p>
        ${field({
          name: 'digits',
          label: t('confirm.digits'),
          value: this.digits,
          input: (digits) => (this.digits = digits.trim()),
          mode: 'numeric',
          most: 2,
        })}
        <div class="row">
          <button class="main" ?disabled=${this.sending || !/^[0-9]{2}$/.test(this.digits)}>${t('confirm.send')}</button>
          <button
            type="button"
            class="danger"
            @click=${() => this.#say(`${path}/disavowal`, undefined, t('confirm.refused'))}
          >
            ${t('confirm.not_me')}
          </button>
        </div>
      </form>
    `;
  }
}

customElements.define('ct-confirmations-waiting', ConfirmationsWaiting);
