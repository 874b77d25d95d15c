// What the person started or was asked to sign, newest first, with how each ended.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { moment } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {import('../../wire.js').Http.PageContent_ActionContent_} Page */

export class History extends Screen {
  static properties = {
    ...Screen.properties,
    actions: { state: true },
    next: { state: true },
    problem: { state: true },
  };
  static styles = [
    ...Screen.styles,
    css`
      p::first-letter {
        text-transform: uppercase;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly Action[] | null} */
    this.actions = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read(undefined);
  }

  /** @param {string | undefined} after */
  async #read(after) {
    try {
      const page = /** @type {Page} */ (await api.get('/v1/actions', { after, limit: 20 }));
      this.actions = [...(this.actions ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('history')}</h1>
        ${notice('bad', this.problem)}
        ${this.actions === null && !this.problem ? html`<p class="soft">${t('loading')}</p>` : nothing}
        ${this.actions?.length === 0 ? html`<p class="soft">${t('history.none')}</p>` : nothing}
        <ul class="plain stack">
          ${this.actions?.map((action) => row(action))}
        </ul>
        ${this.next === null ? nothing : html`<button @click=${() => this.#read(this.next ?? undefined)}>${t('more')}</button>`}
      </div>
    `;
  }
}

/** @param {Action} action */
function row({ id, statement, status, created }) {
  return html`
    <li class="card">
      <a href="/app/approvals/${id}">${statement.title}</a>
      <p><bdi>${statement.lines[0]?.value}</bdi></p>
      <p class="soft small">${t(`status.${status}`)} · ${moment(created)}</p>
    </li>
  `;
}

customElements.define('ct-history', History);
