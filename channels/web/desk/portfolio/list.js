// The companies this adviser looks after, searched by name or client identifier.

import { html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.CompanyContent} Company */
/** @typedef {import('../../wire.js').Http.PageContent_CompanyContent_} Page */

const PAUSE = 300; // milliseconds without a key before the bank is asked

export class Portfolio extends Screen {
  static properties = {
    ...Screen.properties,
    text: { state: true },
    companies: { state: true },
    next: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.text = '';
    /** @type {readonly Company[] | null} */
    this.companies = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
    this.asked = 0;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read(undefined);
  }

  /** @param {string | undefined} after */
  async #read(after) {
    const asked = ++this.asked;
    try {
      const page = /** @type {Page} */ (await api.get('/v1/portfolio', { text: this.text || undefined, after }));
      if (asked !== this.asked) return; // another search was typed meanwhile
      this.companies = after === undefined ? page.items : [...(this.companies ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @param {string} text */
  #search(text) {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#read(undefined), PAUSE);
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('portfolio')}</h1>
        ${field({
          name: 'search',
          label: t('portfolio.search'),
          value: this.text,
          input: (text) => this.#search(text),
          type: 'search',
          most: 70,
          required: false,
        })}
        ${notice('bad', this.problem)}
        ${this.companies?.length === 0 ? html`<p class="soft">${t('portfolio.none')}</p>` : nothing}
        <ul class="plain stack">
          ${this.companies?.map(
            ({ client_identifier, name, siren }) => html`
              <li class="card">
                <a href="/desk/portfolio/${client_identifier}"><bdi>${name}</bdi></a>
                <p class="soft small figures">${client_identifier} · SIREN ${siren}</p>
              </li>
            `,
          )}
        </ul>
        ${this.next === null ? nothing : html`<button @click=${() => this.#read(this.next ?? undefined)}>${t('more')}</button>`}
      </div>
    `;
  }
}

customElements.define('ct-portfolio', Portfolio);
