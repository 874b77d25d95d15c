// Signing on one's PC instead: this screen shows two digits, which are typed at the card bridge (RULES 24).
//
// What the bridge answers counts as this screen's answer; the approval itself is told by its own events.

import { LitElement, html, nothing } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { distance } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.AskedHandoverContent} Asked */
/** @typedef {import('../../wire.js').Http.HandoverContent} Content */
/** @typedef {import('../../wire.js').Http.DeviceContent} Device */

export class Handover extends LitElement {
  static styles = [sheet];
  static properties = {
    challenge: { attribute: false },
    hasBridge: { state: true },
    asked: { state: true },
    found: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.challenge = '';
    /** Without a PC that is paired there is nothing to offer. */
    this.hasBridge = false;
    /** @type {Asked | null} */
    this.asked = null;
    /** How far it was when last looked at. @type {Content | null} */
    this.found = null;
    this.sending = false;
    this.problem = '';
    new Listening(this, [[stream, 'frame']], (event) => {
      const { kind } = /** @type {CustomEvent} */ (event).detail;
      if (typeof kind === 'string' && kind.startsWith('handover_')) void this.#look();
    });
  }

  /** @override */
  async connectedCallback() {
    super.connectedCallback();
    this.clock = setInterval(() => this.requestUpdate(), 1000);
    try {
      const { items } = /** @type {{ items: Device[] }} */ (await api.get('/v1/devices'));
      this.hasBridge = items.some(({ kind, revoked }) => kind === 'bridge' && revoked === null);
    } catch {
      // whoever cannot be told of their PC still signs here
    }
  }

  /** @override */
  disconnectedCallback() {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  async #ask() {
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      this.found = null;
      this.asked = /** @type {Asked} */ (await api.post(`/v1/challenges/${this.challenge}/handover`));
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  async #look() {
    if (this.asked === null) return;
    try {
      const found = /** @type {Content} */ (await api.get(`/v1/handovers/${this.asked.id}`));
      if (found.id === this.asked.id) this.found = found;
    } catch (error) {
      this.problem = said(error);
    }
  }

  get #isOver() {
    if (this.asked === null) return true;
    return this.found?.status === 'closed' || stream.now() >= (this.found ?? this.asked).expires;
  }

  /** @override */
  render() {
    if (!this.hasBridge) return nothing;
    if (this.asked !== null && !this.#isOver) return html`<div class="card stack">${this.#step(this.asked)}</div>`;
    return html`
      <div class="stack">
        ${notice('warn', this.asked === null ? '' : t('handover.closed'))} ${notice('bad', this.problem)}
        <button ?disabled=${this.sending} @click=${this.#ask}>${t('handover')}</button>
      </div>
    `;
  }

  /** @param {Asked} asked */
  #step({ digits, expires }) {
    if (this.found?.status === 'done') return notice('good', t('handover.done'));
    if (this.found?.status === 'taken') {
      return html`<p role="status">${t('handover.taken')}</p>
        ${notice('bad', this.found.answer === 'proof_refused' ? t('handover.refused') : '')}`;
    }
    return html`
      <h2>${t('handover')}</h2>
      <p>${t('handover.digits')}</p>
      <p class="digits" role="status">${digits}</p>
      <p class="soft small">${t('handover.until', { when: distance(expires, stream.now()) })}</p>
    `;
  }
}

customElements.define('ct-handover', Handover);
