// What waits for the person's signature, each a way into the app: nothing is signed in a page of somebody else's.

import { html, nothing } from 'lit';
import { Screen } from '../parts/screen.js';
import { statementLines, statementSheet } from '../parts/statement.js';
import { moment } from '../shared/format.js';
import { api, host, stream } from './here.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.SnapshotContent} Snapshot */
/** @typedef {import('../wire.js').Http.ActionContent} Action */

export class Waiting extends Screen {
  static properties = { ...Screen.properties, actions: { state: true } };
  static styles = [...Screen.styles, statementSheet];

  #looks = 0;

  constructor() {
    super();
    /** @type {readonly Action[] | null} */
    this.actions = null;
  }

  #hear = (/** @type {Event} */ event) => {
    const { type } = /** @type {CustomEvent} */ (event).detail;
    if (type === 'event' || type === 'reset' || type === 'synced') void this.#read();
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
    const look = ++this.#looks;
    const { actions } = /** @type {Snapshot} */ (await api.get('/v1/inbox'));
    if (look !== this.#looks) return; // a later look sees more, whichever of the two answers is here first
    this.actions = actions;
    host.tell({ type: 'unread', count: actions.length });
  }

  /** @override */
  render() {
    if (this.actions === null) return nothing;
    const count = this.actions.length;
    return html`
      <section class="stack" aria-labelledby="waiting">
        <h2 id="waiting">${count === 0 ? t('waiting.none') : t('waiting', { count })}</h2>
        ${count === 0 ? nothing : html`<ul class="plain stack">${this.actions.map(row)}</ul>`}
      </section>
    `;
  }
}

/** @param {Action} action */
function row(action) {
  return html`
    <li class="card stack">
      <h3>${action.statement.title}</h3>
      ${statementLines(action.statement.lines.slice(0, 3), 'brief')}
      <p class="soft small">${moment(action.created)}</p>
      <a class="button" href="/app/approvals/${action.id}" target="_blank" rel="noopener">${t('waiting.open')}</a>
    </li>
  `;
}

customElements.define('ct-waiting', Waiting);
