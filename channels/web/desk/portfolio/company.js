// One company: what it has subscribed to, and its people.

import { html } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.CompanyFileContent} File */

export class Company extends Screen {
  static properties = { ...Screen.properties, file: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {File | null} */
    this.file = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      this.file = /** @type {File} */ (await api.get(`/v1/portfolio/${this.parts.client}`));
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** @override */
  render() {
    if (this.file === null) return html`<h1>${t('company')}</h1>${notice('bad', this.problem)}`;
    const { company, people } = this.file;
    return html`
      <div class="stack">
        <p><a href="/desk/portfolio">${t('portfolio.back')}</a></p>
        <h1><bdi>${company.name}</bdi></h1>
        <p class="soft figures">
          ${company.client_identifier} · SIREN ${company.siren} ·
          ${company.means.map((means) => t(`means.${means}`)).join(', ')}
        </p>
        <h2>${t('company.people')}</h2>
        <ul class="plain stack">
          ${people.map(
            ({ person, status, main }) => html`
              <li class="card">
                <a href="/desk/portfolio/${company.client_identifier}/${person.number}"><bdi>${person.name}</bdi></a>
                <p class="soft small">
                  ${t('person.number', { number: person.number })} · ${t(`person.${status}`)}${main ? ` · ${t('person.main')}` : ''}
                </p>
              </li>
            `,
          )}
        </ul>
      </div>
    `;
  }
}

customElements.define('ct-company', Company);
