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
import { beginning, end } from './period.js';

/** @typedef {import('../../wire.js').Http.AuditLineContent} Line */
/** @typedef {import('../../wire.js').Http.PageContent_AuditLineContent_} Page */

const TYPED = /** @type {const} */ (['action', 'user', 'code']);
const DAYS = /** @type {const} */ (['since', 'until']);
/** @typedef {(typeof TYPED)[number] | (typeof DAYS)[number]} Filter */

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
      code,
      .told {
        overflow-wrap: anywhere;
      }
      @media (min-width: 700px) {
        .typed {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
        .days {
          grid-template-columns: repeat(2, minmax(0, 1fr)) auto;
          align-items: end;
        }
        .days button {
          margin-bottom: 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Record<Filter, string>} */
    this.wanted = { action: '', user: '', code: '', since: '', until: '' };
    /** @type {Line[] | null} */
    this.lines = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    const asked = new URLSearchParams(location.search); // another screen's link
    for (const name of TYPED) this.wanted[name] = asked.get(name) ?? '';
    void this.#find();
  }

  /** @param {SubmitEvent} event */
  #search(event) {
    event.preventDefault();
    void this.#find();
  }

  /** @param {string} [after] where to read on; from the newest without it */
  async #find(after) {
    const typed = Object.fromEntries(TYPED.map((name) => [name, this.wanted[name].trim() || undefined]));
    const { since, until } = this.wanted;
    try {
      const query = { ...typed, since: beginning(since), until: end(until), after };
      const page = /** @type {Page} */ (await api.get('/v1/audit', query));
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
          <div class="stack typed">${TYPED.map((name) => this.#filter(name, 'text'))}</div>
          <div class="stack days">
            ${DAYS.map((name) => this.#filter(name, 'date'))}
            <button>${t('search')}</button>
          </div>
        </form>
        ${notice('bad', this.problem)}
        <p class="soft" aria-live="polite">${lines === null ? t('loading') : lines.length === 0 ? t('audit.none') : nothing}</p>
        <ul class="plain stack">${lines?.map(row)}</ul>
        ${next === null ? nothing : html`<button @click=${() => this.#find(next)}>${t('more')}</button>`}
      </div>
    `;
  }

  /**
   * @param {Filter} name
   * @param {'text' | 'date'} type
   */
  #filter(name, type) {
    const input = (/** @type {string} */ value) => (this.wanted = { ...this.wanted, [name]: value });
    return field({ name, label: t(`audit.${name}`), value: this.wanted[name], input, required: false, type });
  }
}

/** @param {Line} line */
function row({ code, actor, at, action, value }) {
  const told = Object.entries(value ?? {}).map(([name, each]) => `${name}: ${plainly(each)}`);
  return html`
    <li class="card">
      <strong>${code}</strong>
      <span class="soft small">${moment(at)} · ${who(actor)}</span>
      ${told.length === 0 ? nothing : html`<span class="small told"><bdi>${told.join(' · ')}</bdi></span>`}
      ${action === null ? nothing : html`<a class="small" href="/desk/audit?action=${action}"><code>${action}</code></a>`}
    </li>
  `;
}

/** @param {string} actor a person's lines are searched by their id */
function who(actor) {
  const [kind, id] = actor.split(':');
  if (kind !== 'user' || id === undefined) return html`<bdi>${actor}</bdi>`;
  return html`<a href="/desk/audit?user=${encodeURIComponent(id)}"><bdi>${actor}</bdi></a>`;
}

/** @param {unknown} value */
const plainly = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

customElements.define('ct-audit', Audit);
