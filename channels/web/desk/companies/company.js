// One company and its people; what an adviser asks for a person is held until another adviser countersigns it.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { Problem } from '../../shared/api.js';
import '../acts/ask.js';
import { successors } from '../advisers/successors.js';
import { api, router } from '../here.js';
import { NONE, myRights } from '../rights.js';
import { said } from '../saying.js';
import { t } from '../words.js';
import './certificates.js';

/** @typedef {import('../../wire.js').Http.CompanyFileContent} File */
/** @typedef {import('../../wire.js').Http.CompanyPersonContent} Member */
/** @typedef {import('../../wire.js').Http.AdviserContent} Adviser */
/** @typedef {import('../../wire.js').Http.PageContent_AdviserContent_} Advisers */
/** @typedef {import('../../wire.js').Http.ActionContent} Action */

const NEWCOMER = { user: 16, name: 70 };
const LANGUAGES = { language: ['fr', 'en'] };
const ACTS = /** @type {const} */ (['person_unlocking', 'door_opening', 'code_renewal']);
/** @typedef {(typeof ACTS)[number]} Kind */

export class Company extends Screen {
  static properties = {
    ...Screen.properties,
    file: { state: true },
    advisers: { state: true },
    rights: { state: true },
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
    /** The bank's people, one of whom looks after it. @type {readonly Adviser[]} */
    this.advisers = [];
    this.rights = NONE;
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
      const advisers = /** @type {Promise<Advisers>} */ (api.get('/v1/advisers'));
      [this.advisers, this.rights] = [(await advisers).items, await myRights()];
      this.file = /** @type {File} */ (await api.get(path));
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
        <p><a href="/desk/operations/${company.client_identifier}">${t('company.operations')}</a></p>
        ${notice('bad', this.problem)}
        ${this.#adviser(company)}
        <h2>${t('people')}</h2>
        <ul class="plain stack">${people.map((member) => this.#row(member))}</ul>
        ${this.rights.serves && !people.some(({ main }) => main) ? this.#invitation(company) : nothing}
        <ct-company-certificates
          .client=${company.client_identifier}
          .people=${people}
          .serves=${this.rights.serves}
        ></ct-company-certificates>
      </div>
    `;
  }

  /**
   * Who looks after it; a supervisor may have another do so.
   * @param {File['company']} company
   */
  #adviser({ client_identifier, adviser }) {
    const found = this.advisers.find(({ id }) => id === adviser);
    const others = successors(this.advisers).filter(([number]) => number !== found?.number);
    return html`
      <p>
        ${t('company.adviser')}
        ${found === undefined
          ? t('company.adviser.none')
          : html`<a href="/desk/advisers/${encodeURIComponent(found.number)}"><bdi>${found.name}</bdi></a>`}
      </p>
      ${this.rights.staffs && others.length > 0
        ? html`<ct-ask .kind=${'portfolio_change'} .about=${{ client: client_identifier }} .choices=${{ adviser: others }}></ct-ask>`
        : nothing}
    `;
  }

  /** @param {File['company']} company that has no main user yet */
  #invitation({ client_identifier: client }) {
    return html`<ct-ask .kind=${'main_user_invitation'} .about=${{ client }} .texts=${NEWCOMER} .choices=${LANGUAGES}></ct-ask>`;
  }

  /** @param {Member} member */
  #row({ person, status, main }) {
    return html`
      <li class="card">
        <h3><a href="/desk/companies/${this.parts.client}/${person.number}"><bdi>${person.name}</bdi></a></h3>
        <p class="soft small">
          ${t('person.number', { number: person.number })} · ${t(`person.${status}`)} ${main ? `· ${t('person.main')}` : nothing}
        </p>
        ${this.rights.serves && status !== 'left' ? this.#acts(person.number, status) : nothing}
      </li>
    `;
  }

  /**
   * @param {string} user
   * @param {Member['status']} status
   */
  #acts(user, status) {
    return html`
      <div class="row">
        ${ACTS.filter((kind) => kind !== 'person_unlocking' || status === 'locked').map(
          (kind) => html`<button ?disabled=${this.sending} @click=${() => this.#ask(kind, user)}>${t(`ask.${kind}`)}</button>`,
        )}
      </div>
    `;
  }
}

customElements.define('ct-company', Company);
