// The operations of one company, newest first, narrowed by where they stand.

import { css, html, nothing } from 'lit';
import { choice } from '../../parts/choice.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { moment } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { stateSheet, stateMark } from './state.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Operation */
/** @typedef {import('../../wire.js').Http.PageContent_ActionContent_} Page */
/** @typedef {import('../../wire.js').Http.CompanyFileContent} File */

export const STATES = /** @type {const} */ ([
  'pending',
  'approved',
  'released',
  'rejected',
  'withdrawn',
  'expired',
  'failed',
]);

export class Operations extends Screen {
  static properties = {
    ...Screen.properties,
    company: { state: true },
    status: { state: true },
    operations: { state: true },
    next: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    stateSheet,
    css`
      li a {
        display: grid;
        gap: 4px;
        color: inherit;
        text-decoration: none;
      }
      li a:hover {
        border-color: var(--brand);
      }
      .narrow {
        max-width: 24rem;
      }
    `,
  ];

  constructor() {
    super();
    this.company = '';
    this.status = '';
    /** @type {Operation[] | null} */
    this.operations = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  get #path() {
    return `/v1/portfolio/${encodeURIComponent(this.parts.client ?? '')}`;
  }

  async #read() {
    await this.#find();
    try {
      const file = /** @type {File} */ (await api.get(this.#path));
      this.company = file.company.name;
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** @param {string} [after] where to read on; from the newest without it */
  async #find(after) {
    const { status } = this;
    try {
      const page = /** @type {Page} */ (await api.get(`${this.#path}/actions`, { status: status || undefined, after }));
      if (this.status !== status) return; // another state was chosen meanwhile
      this.operations = after === undefined ? page.items : [...(this.operations ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @param {string} status */
  #choose(status) {
    this.status = status;
    void this.#find();
  }

  /** @override */
  render() {
    const { operations, next } = this;
    const every = /** @type {const} */ (['', t('every_state')]);
    return html`
      <div class="stack">
        <p><a href="/desk/companies/${this.parts.client}">← <bdi>${this.company || this.parts.client}</bdi></a></p>
        <h1>${t('operations')}</h1>
        <div class="narrow">
          ${choice({
            name: 'status',
            label: t('state'),
            value: this.status,
            options: [every, ...STATES.map((state) => /** @type {const} */ ([state, t(`state.${state}`)]))],
            change: (status) => this.#choose(status),
          })}
        </div>
        ${notice('bad', this.problem)}
        <p class="soft" aria-live="polite">
          ${operations === null ? (this.problem ? nothing : t('loading')) : operations.length === 0 ? t('operations.none') : nothing}
        </p>
        <ul class="plain stack">${operations?.map((each) => this.#row(each))}</ul>
        ${next === null ? nothing : html`<button @click=${() => this.#find(next)}>${t('more')}</button>`}
      </div>
    `;
  }

  /** @param {Operation} operation */
  #row({ id, status, created, statement }) {
    return html`
      <li>
        <a class="card" href="/desk/operations/${this.parts.client}/${id}">
          <strong>${statement.title}</strong>
          <span><bdi>${statement.lines[0]?.value}</bdi></span>
          <span class="small">${stateMark(status)} <span class="soft">· ${moment(created)}</span></span>
        </a>
      </li>
    `;
  }
}

customElements.define('ct-operations', Operations);
