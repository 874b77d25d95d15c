// The approvals that wait for the person's signature, live.

import { html } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.SnapshotContent} Snapshot */
/** @typedef {import('../../wire.js').Http.ActionContent} Action */

export class Approvals extends Screen {
  static properties = { ...Screen.properties, actions: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {readonly Action[]} */
    this.actions = [];
    this.problem = '';
  }

  #hear = (/** @type {Event} */ event) => {
    const { type } = /** @type {CustomEvent} */ (event).detail;
    if (type === 'event' || type === 'reset') void this.#read();
  };

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    stream.addEventListener('frame', this.#hear);
    void this.#read();
  }

  /** @override */
  disconnectedCallback() {
    stream.removeEventListener('frame', this.#hear);
    super.disconnectedCallback();
  }

  async #read() {
    try {
      const { actions } = /** @type {Snapshot} */ (await api.get('/v1/inbox'));
      this.actions = actions;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const count = this.actions.length;
    return html`
      <div class="stack">
        <h1>${t('approvals')}</h1>
        ${notice('bad', this.problem)}
        <p class="soft">${count === 0 ? t('approvals.none') : t('approvals.count', { count })}</p>
        <ul class="plain stack">
          ${this.actions.map((action) => row(action))}
        </ul>
      </div>
    `;
  }
}

/** @param {Action} action */
function row(action) {
  const [first] = action.statement.lines;
  return html`
    <li class="card stack">
      <h2>${action.statement.title}</h2>
      <p><bdi>${first?.value}</bdi></p>
      <p class="soft small">${moment(action.created)}</p>
    </li>
  `;
}

customElements.define('ct-approvals', Approvals);
