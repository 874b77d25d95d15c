// The companies one looks after, found by the beginning of a name or of a client identifier.

import { css, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import '../acts/ask.js';
import { api } from '../here.js';
import { NONE, myRights } from '../rights.js';
import { linksSheet } from '../rows.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.PageContent_CompanyContent_} Page */
/** @typedef {import('../../wire.js').Http.CompanyContent} Company */

const TEXTS = { client: 16, name: 70, siren: 9 };
const CHOICES = {
  legal_form: ['legal_person', 'sole_trader'],
  sol: ['yes', 'no'],
  means: ['cap', 'certificate', 'cap_certificate'],
};

export class Portfolio extends Screen {
  static properties = {
    ...Screen.properties,
    text: { state: true },
    companies: { state: true },
    next: { state: true },
    rights: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    linksSheet,
    css`
      @media (min-width: 700px) {
        form.stack {
          grid-template-columns: minmax(0, 30rem) auto;
          align-items: end;
          justify-content: start;
        }
        form button {
          margin-bottom: 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.text = '';
    /** @type {Company[] | null} */
    this.companies = null;
    /** @type {string | null} */
    this.next = null;
    this.rights = NONE;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#find();
    void myRights().then((rights) => (this.rights = rights), () => undefined); // the list says why nobody answers
  }

  /** @param {SubmitEvent} event */
  #search(event) {
    event.preventDefault();
    void this.#find();
  }

  /** @param {string} [after] where to read on; from the beginning without it */
  async #find(after) {
    try {
      const page = /** @type {Page} */ (await api.get('/v1/portfolio', { text: this.text.trim() || undefined, after }));
      this.companies = after === undefined ? page.items : [...(this.companies ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const { companies, next } = this;
    return html`
      <div class="stack">
        <h1>${t('companies')}</h1>
        <form class="stack" role="search" @submit=${this.#search}>
          ${field({
            name: 'text',
            label: t('companies.search'),
            value: this.text,
            input: (typed) => (this.text = typed),
            type: 'search',
            required: false,
            most: 70,
          })}
          <button>${t('search')}</button>
        </form>
        ${notice('bad', this.problem)}
        ${this.rights.serves
          ? html`<ct-ask .kind=${'company_subscription'} .texts=${TEXTS} .choices=${CHOICES}></ct-ask>`
          : nothing}
        <p class="soft" aria-live="polite">${companies === null ? t('loading') : companies.length === 0 ? t('companies.none') : nothing}</p>
        <ul class="plain stack">${companies?.map(row)}</ul>
        ${next === null ? nothing : html`<button @click=${() => this.#find(next)}>${t('more')}</button>`}
      </div>
    `;
  }
}

/** @param {Company} company */
function row({ client_identifier, name, siren }) {
  return html`
    <li>
      <a class="card" href="/desk/companies/${client_identifier}">
        <strong><bdi>${name}</bdi></strong>
        <span class="soft small figures">${t('company.numbers', { client: client_identifier, siren })}</span>
      </a>
    </li>
  `;
}

customElements.define('ct-portfolio', Portfolio);
