// The audit, searched by action, person, code and day; as far as one's role and portfolio reach.

import { css, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { moment } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.AuditLineContent} Line */
/** @typedef {import('../../wire.js').Http.PageContent_AuditLineContent_} Page */

const FILTERS = /** @type {const} */ (['action', 'user', 'code']);

export class Audit extends Screen {
  static properties = {
    ...Screen.properties,
    wanted: { state: true },
    lines: { state: true },
    next: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    css`
      li.card {
        display: grid;
        gap: 4px;
      }
      code {
        overflow-wrap: anywhere;
      }
      @media (min-width: 700px) {
        .filters {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Record<(typeof FILTERS)[number], string>} */
    this.wanted = { action: '', user: '', code: '' };
    /** @type {Line[] | null} */
    this.lines = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#find();
  }

  /** @param {SubmitEvent} event */
  #search(event) {
    event.preventDefault();
    void this.#find();
  }

  /** @param {string} [after] where to read on; from the newest without it */
  async #find(after) {
    const wanted = FILTERS.map((name) => [name, this.wanted[name].trim() || undefined]);
    try {
      const page = /** @type {Page} */ (await api.get('/v1/audit', { ...Object.fromEntries(wanted), after }));
      this.lines = after === undefined ? page.items : [...(this.lines ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const { lines, next } = this;
    return html`
      <div class="stack">
        <h1>${t('audit')}</h1>
        <form class="stack" role="search" @submit=${this.#search}>
          <div class="stack filters">${FILTERS.map((name) => this.#filter(name))}</div>
          <button>${t('search')}</button>
        </form>
        ${notice('bad', this.problem)}
        <p class="soft" aria-live="polite">${lines === null ? t('loading') : lines.length === 0 ? t('audit.none') : nothing}</p>
        <ul class="plain stack">${lines?.map(row)}</ul>
        ${next === null ? nothing : html`<button @click=${() => this.#find(next)}>${t('more')}</button>`}
      </div>
    `;
  }

  /** @param {(typeof FILTERS)[number]} name */
  #filter(name) {
    const input = (/** @type {string} */ value) => (this.wanted = { ...this.wanted, [name]: value });
    return field({ name, label: t(`audit.${name}`), value: this.wanted[name], input, required: false });
  }
}

/** @param {Line} line */
function row({ code, actor, at, action }) {
  return html`
    <li class="card">
      <strong>${code}</strong>
      <span class="soft small">${moment(at)} · <bdi>${actor}</bdi></span>
      ${action === null ? nothing : html`<code class="small">${action}</code>`}
    </li>
  `;
}

customElements.define('ct-audit', Audit);
