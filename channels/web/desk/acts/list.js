// The acts that wait for this adviser's countersignature, and the latest they asked for or signed, live.

import { html, nothing } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {import('../../wire.js').Http.SnapshotContent} Snapshot */
/** @typedef {import('../../wire.js').Http.PageContent_ActionContent_} Page */

export class Acts extends Screen {
  static properties = { ...Screen.properties, waiting: { state: true }, latest: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {readonly Action[] | null} */
    this.waiting = null;
    /** @type {readonly Action[]} */
    this.latest = [];
    this.problem = '';
    new Listening(this, [[stream, 'frame']], (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === 'event') void this.#read();
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      const { actions } = /** @type {Snapshot} */ (await api.get('/v1/inbox'));
      const { items } = /** @type {Page} */ (await api.get('/v1/actions', { limit: 20 }));
      const ids = new Set(actions.map(({ id }) => id));
      this.waiting = actions;
      this.latest = items.filter(({ id }) => !ids.has(id));
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('acts')}</h1>
        ${notice('bad', this.problem)}
        ${this.waiting === null ? html`<p class="soft">${t('loading')}</p>` : nothing}
        ${this.waiting?.length === 0 ? html`<p class="soft">${t('acts.none')}</p>` : nothing}
        <ul class="plain stack">
          ${this.waiting?.map((act) => row(act))}
        </ul>
        ${this.latest.length === 0
          ? nothing
          : html`<h2>${t('acts.latest')}</h2>
              <ul class="plain stack">
                ${this.latest.map((act) => row(act))}
              </ul>`}
      </div>
    `;
  }
}

/** @param {Action} act */
function row({ id, statement, status, created, initiator }) {
  return html`
    <li class="card">
      <a href="/desk/acts/${id}">${statement.title}</a>
      <p>${statement.lines.slice(0, 4).map(({ value }) => html`<bdi>${value}</bdi> `)}</p>
      <p class="soft small">${t(`status.${status}`)} · <bdi>${initiator?.name}</bdi> · ${moment(created)}</p>
    </li>
  `;
}

customElements.define('ct-acts', Acts);
