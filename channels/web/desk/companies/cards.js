// One person of a company: their cards, and a certificate to admit; what is asked for is held until a colleague countersigns.

import { html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { spaced } from '../../shared/spacing.js';
import '../acts/ask.js';
import '../certificates/admission.js';
import { api } from '../here.js';
import { NONE, myRights } from '../rights.js';
import { actsSheet } from '../rows.js';
import { said } from '../saying.js';
import { t } from '../words.js';
import './report.js';

/** @typedef {import('../../wire.js').Http.CompanyFileContent} File */
/** @typedef {import('../../wire.js').Http.CompanyPersonContent} Person */
/** @typedef {import('../../wire.js').Http.HeldCardContent} Card */

const ORDER = { card_kind: ['secur_acces', 'professional'], delivery: ['home', 'branch'] };
/** A card in somebody's hands, or on its way to them. */
const REPORTABLE = new Set(['produced', 'sent', 'active', 'locked']);
const REPLACEMENT = { reason: ['blocked', 'broken', 'lost', 'stolen', 'expiring'], delivery: ['home', 'branch'] };

export class Cards extends Screen {
  static properties = {
    ...Screen.properties,
    company: { state: true },
    person: { state: true },
    cards: { state: true },
    rights: { state: true },
    problem: { state: true },
  };
  static styles = [sheet, actsSheet];

  constructor() {
    super();
    this.company = '';
    /** @type {Person | null} */
    this.person = null;
    /** @type {readonly Card[]} */
    this.cards = [];
    this.rights = NONE;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    const { client, user } = this.parts;
    try {
      const file = /** @type {File} */ (await api.get(`/v1/portfolio/${client}`));
      this.company = file.company.name;
      this.person = file.people.find(({ person }) => person.number === user) ?? null;
      const page = /** @type {{ items: Card[] }} */ (await api.get(`/v1/portfolio/${client}/people/${user}/cards`));
      this.cards = page.items;
      this.rights = await myRights();
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** Whom an act is about. @returns {Record<string, string>} */
  get #about() {
    return { client: this.parts.client ?? '', user: this.parts.user ?? '' };
  }

  /** @override */
  render() {
    if (this.person === null) return html`<h1>${t('person.cards')}</h1>${notice('bad', this.problem)}`;
    const { person, status, main } = this.person;
    return html`
      <div class="stack">
        <p><a href="/desk/companies/${this.parts.client}">← <bdi>${this.company}</bdi></a></p>
        <h1><bdi>${person.name}</bdi></h1>
        <p class="soft">
          ${t('person.number', { number: person.number })} · ${t(`person.${status}`)}${main ? ` · ${t('person.main')}` : ''}
        </p>
        <p><a href="/desk/audit?user=${person.id}">${t('audit.of_person')}</a></p>
        ${notice('bad', this.problem)}
        <h2>${t('person.cards')}</h2>
        ${this.cards.length === 0 ? html`<p class="soft">${t('person.no_card')}</p>` : nothing}
        <ul class="plain stack">
          ${this.cards.map((card) => this.#card(card))}
        </ul>
        ${this.rights.serves ? this.#asking() : nothing}
      </div>
    `;
  }

  #asking() {
    return html`
      <div class="acts"><ct-ask .kind=${'card_order'} .about=${this.#about} .choices=${ORDER}></ct-ask></div>
      <h2>${t('certificates')}</h2>
      <ct-certificate-admission .client=${this.parts.client} .user=${this.parts.user}></ct-certificate-admission>
    `;
  }

  /** @param {Card} card */
  #card({ id, kind, last4, status, text }) {
    const about = { ...this.#about, card: id };
    return html`
      <li class="card stack">
        <div>
          ${t(`card.${kind}`)}${last4 === null ? '' : ` ···· ${last4}`}
          <p class="soft small">${spaced(text)}</p>
        </div>
        ${this.rights.serves
          ? html`<div class="acts">
              ${status === 'locked' ? html`<ct-ask .kind=${'card_unlock'} .about=${about}></ct-ask>` : nothing}
              <ct-ask .kind=${'card_replacement'} .about=${about} .choices=${REPLACEMENT}></ct-ask>
              ${REPORTABLE.has(status)
                ? html`<ct-report-card .card=${id} @reported=${() => this.#read()}></ct-report-card>`
                : nothing}
            </div>`
          : nothing}
      </li>
    `;
  }
}

customElements.define('ct-cards', Cards);
