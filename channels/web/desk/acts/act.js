// One act: every fact of it, who asked, and the countersignature by the authenticator's code.

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
    act: { state: true },
    code: { state: true },
    sending: { state: true },
    error: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    statementSheet,
    css`
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
    this.act = null;
    this.code = '';
    this.sending = false;
    this.error = '';
    this.problem = '';
    this.key = crypto.randomUUID();
    new Listening(this, [[stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear(frame) {
    if (frame.type === 'event' && frame.id === this.parts.id) this.act = frame.action ?? this.act;
    if (frame.type === 'reset') void this.#read();
  }

  async #read() {
    try {
      this.act = /** @type {Action} */ (await api.get(`/v1/actions/${this.parts.id}`));
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** @param {string} typed */
  #type(typed) {
    this.code = typed.replace(/\s/g, '').slice(0, 6);
    this.key = crypto.randomUUID();
    this.error = '';
  }

  /**
   * @param {SubmitEvent} event
   * @param {string} challenge
   */
  async #sign(event, challenge) {
    event.preventDefault();
    if (this.sending) return;
    if (!/^[0-9]{6}$/.test(this.code)) {
      this.error = t('code.length');
      return;
    }
    this.sending = true;
    try {
      const proof = { method: 'totp', code: this.code };
      await this.#judged(await api.post(`/v1/challenges/${challenge}/answers`, proof, { key: this.key }));
    } catch (error) {
      this.error = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {Answered} answered */
  async #judged({ answer, attempts_left }) {
    this.#type('');
    if (answer === 'proof_refused') this.error = t('code.refused', { count: attempts_left });
    else if (answer === 'too_late') this.error = t('code.too_late');
    else await this.#read();
  }

  /** @param {string} challenge */
  async #refuse(challenge) {
    if (this.sending) return;
    this.sending = true;
    try {
      await api.post(`/v1/challenges/${challenge}/refusal`, { reason: 'wrong_content' });
      await this.#read();
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (this.act === null) {
      return html`<h1>${t('act')}</h1>
        ${this.problem ? notice('bad', this.problem) : html`<p class="soft">${t('loading')}</p>`}`;
    }
    const { statement, initiator, created, status } = this.act;
    return html`
      <div class="stack">
        <p><a href="/desk">${t('act.back')}</a></p>
        <h1>${statement.title}</h1>
        <p class="soft">${t('act.asked_by')} <bdi>${initiator?.name ?? ''}</bdi> · ${moment(created)}</p>
        ${notice(status === 'failed' || status === 'rejected' ? 'warn' : 'plain', t(`status.${status}`))}
        ${notice('bad', this.problem)}
        <div class="stack wide">${statementCard(statement)} ${this.#doing(this.act)}</div>
        <p><a href="/desk/audit?action=${this.act.id}">${t('audit.of_act')}</a></p>
      </div>
    `;
  }

  /** @param {Action} act */
  #doing({ status, challenge }) {
    if (status !== 'pending' || challenge?.status !== 'open') return nothing;
    return html`
      <form class="card stack" @submit=${(/** @type {SubmitEvent} */ event) => this.#sign(event, challenge.id)}>
        <h2>${t('code.title')}</h2>
        ${field({
          name: 'totp',
          label: t('sign_in.totp'),
          hint: t('sign_in.totp.hint'),
          value: this.code,
          input: (typed) => this.#type(typed),
          error: this.error || undefined,
          mode: 'numeric',
          autocomplete: 'one-time-code',
        })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('code.send')}</button>
        <button type="button" class="danger" ?disabled=${this.sending} @click=${() => this.#refuse(challenge.id)}>
          ${t('refuse')}
        </button>
      </form>
    `;
  }
}

customElements.define('ct-act', Act);
