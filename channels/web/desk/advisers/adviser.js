// One of the bank's people: role, state, the companies they look after; a supervisor asks for what changes.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import '../acts/ask.js';
import { api } from '../here.js';
import { NONE, myRights } from '../rights.js';
import { actsSheet } from '../rows.js';
import { said } from '../saying.js';
import { t as common } from '../words.js';
import { successors } from './successors.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.AdviserContent} Adviser */
/** @typedef {import('../../wire.js').Http.CompanyContent} Company */
/** @typedef {import('../../wire.js').Http.PageContent_AdviserContent_} Advisers */
/** @typedef {import('../../wire.js').Http.PageContent_CompanyContent_} Companies */

const HOUSE = 'house'; // the bank's own client identifier: its people are users like a company's

export class AdviserScreen extends Screen {
  static properties = {
    ...Screen.properties,
    colleagues: { state: true },
    companies: { state: true },
    next: { state: true },
    rights: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    actsSheet,
    css`
      li.card {
        display: grid;
        gap: 4px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly Adviser[] | null} */
    this.colleagues = null;
    /** @type {readonly Company[] | null} */
    this.companies = null;
    /** @type {string | null} */
    this.next = null;
    this.rights = NONE;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  /** Whose page it is. */
  get #adviser() {
    return this.colleagues?.find(({ number }) => number === this.parts.number) ?? null;
  }

  async #read() {
    try {
      const advisers = /** @type {Promise<Advisers>} */ (api.get('/v1/advisers'));
      [this.colleagues, this.rights] = [(await advisers).items, await myRights()];
      await this.#readCompanies(undefined);
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** @param {string | undefined} after where to read on; from the beginning without it */
  async #readCompanies(after) {
    if (this.#adviser === null) return;
    const page = /** @type {Companies} */ (await api.get('/v1/portfolio', { adviser: this.#adviser.id, after }));
    this.companies = [...(after === undefined ? [] : (this.companies ?? [])), ...page.items];
    this.next = page.next;
  }

  /** @override */
  render() {
    const adviser = this.#adviser;
    return html`
      <div class="stack">
        <p><a href="/desk/advisers">${t('adviser.back')}</a></p>
        ${adviser === null
          ? html`<h1>${t('adviser')}</h1>
              ${notice('bad', this.problem)}
              <p class="soft">${this.problem ? nothing : this.colleagues === null ? common('loading') : t('adviser.none')}</p>`
          : this.#shown(adviser)}
      </div>
    `;
  }

  /** @param {Adviser} adviser */
  #shown(adviser) {
    const { number, name, role, status } = adviser;
    return html`
      <h1><bdi>${name}</bdi></h1>
      <p class="soft">
        ${t('adviser.number', { number })} · ${common(`choice.role.${role}`)} · ${t(`adviser.${status}`)}
      </p>
      <p>${t(`role.${role}`)}</p>
      ${notice('bad', this.problem)} ${this.rights.staffs && status !== 'left' ? this.#acts(adviser) : nothing}
      ${role === 'auditor' ? nothing : this.#portfolio()}
    `;
  }

  /** @param {Adviser} adviser */
  #acts({ number, status }) {
    const options = successors(this.colleagues ?? []).filter(([other]) => other !== number);
    return html`
      <div class="acts">
        ${status === 'locked'
          ? html`<ct-ask .kind=${'person_unlocking'} .about=${{ client: HOUSE, user: number }}></ct-ask>`
          : nothing}
        ${options.length === 0
          ? nothing
          : html`<ct-ask .kind=${'adviser_removal'} .about=${{ adviser: number }} .choices=${{ successor: options }}></ct-ask>`}
      </div>
    `;
  }

  #portfolio() {
    const { companies, next } = this;
    const read = () => this.#readCompanies(next ?? undefined).catch((error) => (this.problem = said(error)));
    return html`
      <h2>${t('adviser.portfolio')}</h2>
      ${companies?.length === 0 ? html`<p class="soft">${t('adviser.portfolio.none')}</p>` : nothing}
      <ul class="plain stack">
        ${companies?.map(
          ({ client_identifier, name, siren }) => html`
            <li class="card">
              <a href="/desk/companies/${client_identifier}"><bdi>${name}</bdi></a>
              <span class="soft small figures">${common('company.numbers', { client: client_identifier, siren })}</span>
            </li>
          `,
        )}
      </ul>
      ${next === null ? nothing : html`<div><button @click=${read}>${common('more')}</button></div>`}
    `;
  }
}

customElements.define('ct-adviser', AdviserScreen);
