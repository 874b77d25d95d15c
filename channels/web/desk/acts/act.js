// One act: what it says, who asked, and the authenticator's code that countersigns it.

import { css, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { statementCard, statementSheet } from '../../parts/statement.js';
import { moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {import('../../wire.js').Http.AnsweredContent} Answered */

export class Act extends Screen {
  static properties = {
    ...Screen.properties,
    action: { state: true },
    code: { state: true },
    sending: { state: true },
    error: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    statementSheet,
    css`
      .narrow {
        max-width: 44rem;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Action | null} */
    this.action = null;
    this.code = '';
    this.key = crypto.randomUUID();
    this.sending = false;
    this.error = '';
    this.problem = '';
    new Listening(this, [[stream, 'frame']], (event) => {
      const { type, id, action } = /** @type {CustomEvent} */ (event).detail;
      if (type === 'event' && id === this.parts.id) this.action = action ?? this.action;
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      this.action = /** @type {Action} */ (await api.get(`/v1/actions/${this.parts.id}`));
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** @param {SubmitEvent} event */
  async #sign(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    try {
      const proof = { method: 'totp', code: this.code };
      const path = `/v1/challenges/${this.action?.challenge?.id}/answers`;
      const { answer, attempts_left } = /** @type {Answered} */ (await api.post(path, proof, { key: this.key }));
      this.error = answer === 'proof_refused' ? t('totp.refused', { count: attempts_left }) : '';
      await this.#read();
    } catch (error) {
      this.error = said(error);
    } finally {
      this.code = '';
      this.key = crypto.randomUUID();
      this.sending = false;
    }
  }

  async #refuse() {
    if (this.sending) return;
    this.sending = true;
    try {
      await api.post(`/v1/challenges/${this.action?.challenge?.id}/refusal`, { reason: 'other' });
      await this.#read();
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    const { action } = this;
    if (action === null) return html`<h1>${t('act')}</h1>${notice('bad', this.problem)}`;
    const { status, ended } = action;
    return html`
      <div class="stack narrow">
        <p><a href="/desk">${t('act.back')}</a></p>
        <h1>${action.statement.title}</h1>
        ${status === 'pending'
          ? html`<p class="soft">${t('act.asked_by')} <bdi>${action.initiator?.name}</bdi> · ${moment(action.created)}</p>`
          : notice(
              status === 'approved' || status === 'released' ? 'good' : 'warn',
              `${t(`status.${status}`)}${ended === null ? '' : ` · ${moment(ended)}`}`,
            )}
        ${notice('bad', this.problem)} ${statementCard(action.statement)} ${this.#doing(action)}
      </div>
    `;
  }

  /** @param {Action} action */
  #doing({ status, challenge }) {
    if (status !== 'pending') return nothing;
    if (challenge?.status !== 'open') return notice('plain', t('act.others'));
    return html`
      <form class="card stack" @submit=${this.#sign}>
        ${field({
          name: 'totp',
          label: t('totp'),
          hint: t('totp.hint'),
          value: this.code,
          input: (code) => (this.code = code.replace(/\s/g, '')),
          error: this.error || undefined,
          mode: 'numeric',
          autocomplete: 'one-time-code',
          most: 12,
        })}
        <div class="row">
          <button class="main" ?disabled=${this.sending || !/^[0-9]{6}$/.test(this.code)}>${t('act.sign')}</button>
          <button type="button" class="danger" ?disabled=${this.sending} @click=${this.#refuse}>${t('act.refuse')}</button>
        </div>
      </form>
    `;
  }
}

customElements.define('ct-act', Act);
