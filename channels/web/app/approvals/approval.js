// One approval: what is signed, who has signed, and what the person can do about it now.

import { css, html, nothing } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { statementCard, statementSheet } from '../../parts/statement.js';
import { distance, moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';
import './code_form.js';
import './disavowal.js';
import './handover.js';
import './key_form.js';
import './payees.js';
import { progress } from './progress.js';
import './refusal.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */

export class Approval extends Screen {
  static properties = { ...Screen.properties, action: { state: true }, problem: { state: true } };
  static styles = [
    sheet,
    statementSheet,
    css`
      :host(.within) .back {
        display: none;
      }
      @media (min-width: 900px) {
        .wide {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
          align-items: start;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Action | null} */
    this.action = null;
    this.problem = '';
    new Listening(this, [[stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
    this.clock = setInterval(() => this.requestUpdate(), 1000);
  }

  /** @override */
  disconnectedCallback() {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear(frame) {
    if (frame.type === 'event' && frame.id === this.parts.id) this.action = frame.action ?? this.action;
    if (frame.type === 'reset') void this.#read();
  }

  async #read() {
    const wasAsked = this.action?.challenge?.status === 'open';
    try {
      this.action = /** @type {Action} */ (await api.get(`/v1/actions/${this.parts.id}`));
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
    if (!wasAsked || this.action?.challenge?.status !== 'open') await this.begin(); // who types again stays at the field
  }

  /** @override */
  render() {
    if (this.action === null) {
      return html`<h1>${t('approval')}</h1>
        ${this.problem ? notice('bad', this.problem) : html`<p class="soft">${t('loading')}</p>`}`;
    }
    const { statement, reference } = this.action;
    return html`
      <div class="stack">
        <p class="back"><a href="/app">${t('approval.back')}</a></p>
        <h1>${statement.title}</h1>
        ${reference === null ? nothing : html`<p class="soft">${t('approval.reference')} <bdi>${reference}</bdi></p>`}
        ${this.#state(this.action)} ${notice('bad', this.problem)}
        <div class="stack wide">
          <div class="stack">
            ${statementCard(statement)}
            ${this.action.payees_url === null
              ? nothing
              : html`<ct-payees .url=${this.action.payees_url}></ct-payees>`}
            <p class="soft small">${t('approval.fingerprint')} <bdi>${statement.fingerprint}</bdi></p>
          </div>
          <div class="stack">${this.#doing(this.action)} ${progress(this.action)}</div>
        </div>
      </div>
    `;
  }

  /** @param {Action} action */
  #state(action) {
    const { status, ended, challenge } = action;
    if (status !== 'pending') {
      const kind = status === 'approved' || status === 'released' ? 'good' : 'warn';
      return notice(kind, `${t(`status.${status}`)}${ended === null ? '' : ` · ${moment(ended)}`}`);
    }
    if (challenge !== null && challenge.status !== 'open') return notice('plain', t(`mine.${challenge.status}`));
    const left = distance(action.expires, stream.now());
    return html`<p class="soft">${t('approval.asked_by')} <bdi>${action.initiator?.name ?? t('somebody')}</bdi> · ${t(
        'approvals.until',
        { when: left },
      )}</p>`;
  }

  /** @param {Action} action */
  #doing({ status, challenge }) {
    if (challenge?.status === 'satisfied') return html`<ct-disavowal .challenge=${challenge.id}></ct-disavowal>`;
    if (status !== 'pending' || challenge?.status !== 'open') return nothing;
    if (stream.now() >= challenge.expires) return notice('warn', t('mine.expired'));
    return html`
      ${challenge.means.includes('cap')
        ? html`<ct-code-form .challenge=${challenge} @answered=${() => this.#read()}></ct-code-form>`
        : nothing}
      ${challenge.means.includes('certificate')
        ? html`<ct-key-form .challenge=${challenge} @answered=${() => this.#read()}></ct-key-form>`
        : nothing}
      <ct-handover .challenge=${challenge.id}></ct-handover>
      <ct-refusal .challenge=${challenge.id} @refused=${() => this.#read()}></ct-refusal>
    `;
  }
}

customElements.define('ct-approval', Approval);
