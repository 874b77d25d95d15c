// All the payees of a remittance: those to look at first come first; searched by name or account, a page at a time.

import { LitElement, css, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { groupedIban, minorMoney } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.PayeeContent} Payee */
/** @typedef {import('../../wire.js').Http.PageContent_PayeeContent_} Page */

const PAUSE = 300; // milliseconds without a key before the bank is asked

export class Payees extends LitElement {
  static styles = [
    sheet,
    css`
      li {
        padding: 10px 0;
        border-top: 1px solid var(--line);
      }
      .amount {
        float: right;
        font-weight: 600;
      }
      .mark {
        color: var(--warn);
        font-weight: 600;
      }
    `,
  ];
  static properties = {
    url: { attribute: false },
    text: { state: true },
    payees: { state: true },
    next: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.url = '';
    this.text = '';
    /** @type {readonly Payee[] | null} */
    this.payees = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
    this.asked = 0;
  }

  /** @param {string | undefined} after */
  async #read(after) {
    const asked = ++this.asked;
    try {
      const query = { limit: 20, after, text: this.text || undefined };
      const page = /** @type {Page} */ (await api.get(this.url, query));
      if (asked !== this.asked) return; // another search was typed meanwhile
      this.payees = after === undefined ? page.items : [...(this.payees ?? []), ...page.items];
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
    if (this.payees === null) {
      return html`<button @click=${() => this.#read(undefined)}>${t('payees.show')}</button>${notice('bad', this.problem)}`;
    }
    return html`
      <section class="card stack" aria-labelledby="payees">
        <h2 id="payees">${t('payees')}</h2>
        ${field({
          name: 'search',
          label: t('payees.search'),
          value: this.text,
          input: (text) => this.#search(text),
          type: 'search',
          most: 70,
          required: false,
        })}
        ${notice('bad', this.problem)}
        <ul class="plain">
          ${this.payees.map((payee) => row(payee))}
        </ul>
        ${this.payees.length === 0 ? html`<p>${t('payees.none')}</p>` : nothing}
        ${this.next === null
          ? nothing
          : html`<button @click=${() => this.#read(this.next ?? undefined)}>${t('more')}</button>`}
      </section>
    `;
  }
}

/** @param {Payee} payee */
function row({ name, iban, amount, currency, standing, answer, returned_name }) {
  return html`
    <li>
      <span class="amount figures">${minorMoney(amount, currency)}</span>
      <bdi>${name}</bdi>
      <div class="small figures soft">${groupedIban(iban)}</div>
      ${standing === 'known' ? nothing : html`<div class="small mark">${t(`payee.${standing}`)}</div>`}
      ${answer === null || answer === 'MTCH'
        ? nothing
        : html`<div class="small mark">${t(`vop.${answer}`)} <bdi>${returned_name}</bdi></div>`}
    </li>
  `;
}

customElements.define('ct-payees', Payees);
