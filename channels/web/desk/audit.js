// The audit, as far as the adviser's role and portfolio reach: searched by code and action, newest first.

import { css, html, nothing } from 'lit';
import { field } from '../parts/field.js';
import { notice } from '../parts/notice.js';
import { Screen } from '../parts/screen.js';
import { sheet } from '../parts/sheet.js';
import { moment } from '../shared/format.js';
import { api } from './here.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.AuditLineContent} Line */
/** @typedef {import('../wire.js').Http.PageContent_AuditLineContent_} Page */

export class Audit extends Screen {
  static properties = {
    ...Screen.properties,
    code: { state: true },
    action: { state: true },
    lines: { state: true },
    next: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    css`
      form {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        align-items: end;
      }
      .values {
        font-family: ui-monospace, monospace;
        font-size: 0.8rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.code = '';
    this.action = '';
    /** @type {readonly Line[] | null} */
    this.lines = null;
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
    const query = { code: this.code || undefined, action: this.action || undefined, after, limit: 50 };
    try {
      const page = /** @type {Page} */ (await api.get('/v1/audit', query));
      this.lines = after === undefined ? page.items : [...(this.lines ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @param {SubmitEvent} event */
  #search(event) {
    event.preventDefault();
    void this.#read(undefined);
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('audit')}</h1>
        <form @submit=${this.#search}>
          ${field({ name: 'code', label: t('audit.code'), value: this.code, input: (v) => (this.code = v.trim()), required: false })}
          ${field({
            name: 'action',
            label: t('audit.action'),
            value: this.action,
            input: (value) => (this.action = value.trim()),
            required: false,
          })}
          <button class="main">${t('audit.search')}</button>
        </form>
        ${notice('bad', this.problem)}
        ${this.lines?.length === 0 ? html`<p class="soft">${t('audit.none')}</p>` : nothing}
        <ul class="plain stack">
          ${this.lines?.map((line) => row(line))}
        </ul>
        ${this.next === null ? nothing : html`<button @click=${() => this.#read(this.next ?? undefined)}>${t('more')}</button>`}
      </div>
    `;
  }
}

/** @param {Line} line */
function row({ code, actor, at, action, value }) {
  return html`
    <li class="card">
      <strong>${code}</strong> <span class="soft small">${moment(at)} · <bdi>${actor}</bdi></span>
      ${action === null ? nothing : html`<div class="small">${action}</div>`}
      <div class="values soft"><bdi>${JSON.stringify(value)}</bdi></div>
    </li>
  `;
}

customElements.define('ct-audit', Audit);
