// What a company's people hold of certificates and have on order; whoever serves the company orders, follows, removes.

import { LitElement, css, html, nothing } from 'lit';
import { choice } from '../../parts/choice.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { date } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.HeldCertificatesContent} Held */
/** @typedef {import('../../wire.js').Http.CertificateContent} Certificate */
/** @typedef {import('../../wire.js').Http.CertificateOrderContent} Order */
/** @typedef {import('../../wire.js').Http.CompanyPersonContent} Member */
/** @typedef {import('../../wire.js').Http.CertificateOrderMoveForm['status']} Step */

/** Where an order may go from where it is. @type {Partial<Record<Order['status'], readonly Step[]>>} */
const STEPS = {
  requested: ['ordered', 'received', 'abandoned'],
  ordered: ['received', 'abandoned'],
  received: ['abandoned'],
};

export class CompanyCertificates extends LitElement {
  static styles = [
    sheet,
    css`
      form {
        max-width: 40rem;
      }
    `,
  ];
  static properties = {
    client: { attribute: false },
    people: { attribute: false },
    serves: { attribute: false },
    held: { state: true },
    user: { state: true },
    removing: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.client = '';
    /** @type {readonly Member[]} */
    this.people = [];
    /** Whether the adviser's role changes anything here. */
    this.serves = false;
    /** @type {Held | null} */
    this.held = null;
    /** For whom one is ordered; the first person until another is chosen. */
    this.user = '';
    /** The certificate whose removal waits for a second tap. @type {string | null} */
    this.removing = null;
    this.sending = false;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read().catch((error) => (this.problem = said(error)));
  }

  async #read() {
    this.held = /** @type {Held} */ (await api.get(`/v1/portfolio/${encodeURIComponent(this.client)}/certificates`));
  }

  /**
   * Do one thing at a time, then show what came of it.
   * @param {() => Promise<unknown>} work
   */
  async #do(work) {
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      await work();
      await this.#read();
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
      this.removing = null;
    }
  }

  /** @param {SubmitEvent} event */
  #order(event) {
    event.preventDefault();
    const form = { client: this.client, user: this.user || this.people[0]?.person.number };
    void this.#do(() => api.post('/v1/certificate-orders', form));
  }

  /** @override */
  render() {
    const { held } = this;
    return html`
      <section class="stack">
        <h2>${t('certificates')}</h2>
        ${notice('bad', this.problem)}
        ${held === null ? html`<p class="soft">${this.problem ? nothing : t('loading')}</p>` : this.#held(held)}
      </section>
    `;
  }

  /** @param {Held} held */
  #held({ certificates, orders }) {
    return html`
      ${certificates.length === 0 ? html`<p class="soft">${t('certificates.none')}</p>` : nothing}
      <ul class="plain stack">${certificates.map((each) => this.#certificate(each))}</ul>
      ${orders.length === 0 ? nothing : html`<h3>${t('certificate_orders')}</h3>`}
      <ul class="plain stack">${orders.map((each) => this.#orderRow(each))}</ul>
      ${this.serves && this.people.length > 0 ? this.#form() : nothing}
    `;
  }

  /** @param {Certificate} certificate */
  #certificate(certificate) {
    const { person, authority, level, not_after, status, expired } = certificate;
    const state = status === 'active' && expired ? 'expired' : status;
    return html`
      <li class="card stack">
        <div>
          <strong><bdi>${person?.name}</bdi></strong>
          <p class="soft small">
            <bdi>${authority}</bdi> · ${t('certificate.level', { level })} · ${t(`certificate.${state}`)} ·
            ${t('certificate.until', { day: date(not_after) })}
          </p>
        </div>
        ${this.serves && status === 'active' ? this.#removal(certificate.id) : nothing}
      </li>
    `;
  }

  /** @param {string} id */
  #removal(id) {
    if (this.removing !== id) {
      return html`<div class="row"><button class="danger" @click=${() => (this.removing = id)}>${t('certificate.remove')}</button></div>`;
    }
    const remove = () => this.#do(() => api.delete(`/v1/certificates/${id}`));
    return html`
      <p>${t('certificate.removing')}</p>
      <div class="row">
        <button class="danger main" ?disabled=${this.sending} @click=${remove}>${t('certificate.remove.surely')}</button>
        <button class="plain" @click=${() => (this.removing = null)}>${t('back')}</button>
      </div>
    `;
  }

  /** @param {Order} order */
  #orderRow({ id, person, status, moved, shop }) {
    const move = (/** @type {Step} */ step) => this.#do(() => api.post(`/v1/certificate-orders/${id}/moves`, { status: step }));
    const steps = this.serves ? (STEPS[status] ?? []) : [];
    return html`
      <li class="card stack">
        <div>
          <strong><bdi>${person?.name}</bdi></strong>
          <p class="soft small">${t(`certificate_order.${status}`)} · ${date(moved)} · <bdi>${shop}</bdi></p>
        </div>
        ${steps.length === 0
          ? nothing
          : html`<div class="row">
              ${steps.map(
                (step) => html`<button ?disabled=${this.sending} @click=${() => move(step)}>${t(`certificate_move.${step}`)}</button>`,
              )}
            </div>`}
      </li>
    `;
  }

  #form() {
    return html`
      <form class="card stack" @submit=${this.#order}>
        <h3>${t('certificate_order.new')}</h3>
        <p class="soft">${t('certificate_order.how')}</p>
        ${choice({
          name: 'holder',
          label: t('certificate_order.holder'),
          value: this.user || (this.people[0]?.person.number ?? ''),
          options: this.people.map(({ person }) => /** @type {const} */ ([person.number, person.name ?? person.number])),
          change: (number) => (this.user = number),
        })}
        <div class="row">
          <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('certificate_order.send')}</button>
        </div>
      </form>
    `;
  }
}

customElements.define('ct-company-certificates', CompanyCertificates);
