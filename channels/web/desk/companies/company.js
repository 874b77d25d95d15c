// One company and its people; what an adviser asks for a person is held until another adviser countersigns it.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { Problem } from '../../shared/api.js';
import { api, router } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';
import './certificates.js';

/** @typedef {import('../../wire.js').Http.CompanyFileContent} File */
/** @typedef {import('../../wire.js').Http.CompanyPersonContent} Member */
/** @typedef {import('../../wire.js').Http.AdviserContent} Adviser */
/** @typedef {import('../../wire.js').Http.ActionContent} Action */

const ACTS = /** @type {const} */ (['person_unlocking', 'door_opening', 'code_renewal']);
/** @typedef {(typeof ACTS)[number]} Kind */

export class Company extends Screen {
  static properties = {
    ...Screen.properties,
    file: { state: true },
    me: { state: true },
    sending: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    css`
      li.card {
        display: grid;
        gap: 8px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {File | null} */
    this.file = null;
    /** @type {Adviser | null} */
    this.me = null;
    this.sending = false;
    this.problem = '';
    /** One act however often the button is tapped or the network fails. */
    this.key = crypto.randomUUID();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      const path = `/v1/portfolio/${encodeURIComponent(this.parts.client ?? '')}`;
      [this.file, this.me] = /** @type {[File, Adviser]} */ (
        await Promise.all([api.get(path), api.get('/v1/advisers/me')])
      );
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /**
   * @param {Kind} kind
   * @param {string} user
   */
  async #ask(kind, user) {
    if (this.sending) return;
    this.sending = true;
    try {
      const payload = { client: this.parts.client, user };
      const act = /** @type {Action} */ (await api.post('/v1/actions', { kind, payload }, { key: this.key }));
      router.go(`/desk/acts/${act.id}`);
    } catch (error) {
      this.problem = said(error);
      if (error instanceof Problem) this.key = crypto.randomUUID(); // unreachable: it may be held already
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (this.file === null) {
      return html`<h1>${t('company')}</h1>
        ${this.problem ? notice('bad', this.problem) : html`<p class="soft">${t('loading')}</p>`}`;
    }
    const { company, people } = this.file;
    return html`
      <div class="stack">
        <p><a href="/desk/companies">${t('company.back')}</a></p>
        <h1><bdi>${company.name}</bdi></h1>
        <p class="soft figures">${t('company.numbers', { client: company.client_identifier, siren: company.siren })}</p>
        ${notice('bad', this.problem)}
        <h2>${t('people')}</h2>
        <ul class="plain stack">${people.map((member) => this.#row(member))}</ul>
        <ct-company-certificates
          .client=${company.client_identifier}
          .people=${people}
          .serves=${this.#serves}
        ></ct-company-certificates>
      </div>
    `;
  }

  /** An auditor reads alone. */
  get #serves() {
    return this.me !== null && this.me.role !== 'auditor';
  }

  /** @param {Member} member */
  #row({ person, status, main }) {
    return html`
      <li class="card">
        <h3><a href="/desk/companies/${this.parts.client}/${person.number}"><bdi>${person.name}</bdi></a></h3>
        <p class="soft small">
          ${t('person.number', { number: person.number })} · ${t(`person.${status}`)} ${main ? `· ${t('person.main')}` : nothing}
        </p>
        ${this.#serves ? this.#acts(person.number) : nothing}
      </li>
    `;
  }

  /** @param {string} user */
  #acts(user) {
    return html`
      <div class="row">
        ${ACTS.map(
          (kind) => html`<button ?disabled=${this.sending} @click=${() => this.#ask(kind, user)}>${t(`ask.${kind}`)}</button>`,
        )}
      </div>
    `;
  }
}

customElements.define('ct-company', Company);
