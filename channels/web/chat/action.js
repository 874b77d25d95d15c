// The card of an action in a conversation, as it stands: read when it is shown, and again whenever it has moved.

import { LitElement, html, nothing } from 'lit';
import { Listening } from '../parts/listening.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { statementLines, statementSheet } from '../parts/statement.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.ActionContent} Action */

const SHOWN = 4; // lines of the statement: the whole of it stands where it is signed

export class ActionCard extends LitElement {
  static properties = {
    api: { attribute: false },
    stream: { attribute: false },
    path: { attribute: false },
    action: { attribute: false },
    content: { state: true },
    problem: { state: true },
  };
  static styles = [sheet, statementSheet];

  constructor() {
    super();
    /** @type {import('../shared/api.js').Api | undefined} */
    this.api = undefined;
    /** @type {EventTarget | undefined} */
    this.stream = undefined;
    /** Where it is read. */
    this.path = '';
    this.action = '';
    /** @type {Action | null} */
    this.content = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.stream !== undefined) {
      new Listening(this, [[this.stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    }
    void this.#read();
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear(frame) {
    const isOurs = frame.id === this.action || frame.message?.action === this.action; // an adviser is told of the card
    if (frame.type === 'reset' || (frame.type === 'event' && isOurs)) void this.#read();
  }

  async #read() {
    try {
      this.content = /** @type {Action} */ (await this.api?.get(this.path));
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    if (this.content === null) return notice('bad', this.problem);
    const { statement, status, signatures } = this.content;
    const signed = signatures.filter((each) => each.status === 'satisfied').length;
    return html`
      <div class="stack">
        <h2>${statement.title}</h2>
        ${statementLines(statement.lines.slice(0, SHOWN), 'brief')}
        <p role="status">
          <strong>${t(/** @type {any} */ (`action.${status}`))}</strong>
          ${status === 'pending' && signed > 0 ? html`· ${t('action.signed', { count: signed })}` : nothing}
        </p>
        ${notice('bad', this.problem)}
      </div>
    `;
  }
}

customElements.define('ct-action-card', ActionCard);
