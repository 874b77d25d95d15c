// The keys this browser keeps for who is signed in: until when each serves, and a way to take it out.

import { LitElement, html, nothing } from 'lit';
import { notice } from '../parts/notice.js';
import { rowsSheet } from '../parts/rows.js';
import { sheet } from '../parts/sheet.js';
import { forget, kept } from '../shared/certificate_key.js';
import { date } from '../shared/format.js';
import { inBrowsers } from './enrolling.js';
import { api } from './here.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.CertificateContent} Certificate */

export class KeptKeys extends LitElement {
  static styles = [sheet, rowsSheet];
  static properties = {
    imported: { attribute: false },
    items: { state: true },
    asked: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.imported = 0;
    /** @type {Certificate[]} */
    this.items = [];
    /** The one that was asked to be taken out and is to be asked once more. */
    this.asked = '';
    this.problem = '';
  }

  /**
   * @override
   * @param {Map<string, unknown>} changed
   */
  willUpdate(changed) {
    if (changed.has('imported')) void this.#read();
  }

  /** What the bank takes no more is forgotten here too. */
  async #read() {
    try {
      const found = [];
      for (const each of await inBrowsers()) {
        if (each.status !== 'active') await forget(each.thumbprint);
        else if ((await kept(each.thumbprint)) !== undefined) found.push(each);
      }
      this.items = found;
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @param {Certificate} certificate */
  async #remove({ id, thumbprint }) {
    if (this.asked !== id) {
      this.asked = id;
      return;
    }
    this.asked = '';
    try {
      await api.delete(`/v1/certificates/${id}`);
      await forget(thumbprint);
      await this.#read();
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    if (this.items.length === 0) return notice('bad', this.problem);
    return html`
      <section class="card stack" aria-labelledby="here">
        <h2 id="here">${t('keys')}</h2>
        ${notice('bad', this.problem)}
        <ul class="plain">
          ${this.items.map((each) => html`<li>${this.#row(each)}</li>`)}
        </ul>
      </section>
    `;
  }

  /** @param {Certificate} certificate */
  #row(certificate) {
    const { id, holder, authority, not_after } = certificate;
    const isAsked = this.asked === id;
    return html`
      <div>
        <bdi>${holder.given_name}</bdi> <bdi>${holder.surname}</bdi>
        <div class="soft small"><bdi>${authority}</bdi> · ${t('keys.until', { until: date(not_after) })}</div>
        ${isAsked ? html`<div class="small">${t('keys.remove.means')}</div>` : nothing}
      </div>
      <button class=${isAsked ? 'danger main' : 'danger'} @click=${() => this.#remove(certificate)}>
        ${t(isAsked ? 'keys.remove.sure' : 'keys.remove')}
      </button>
    `;
  }
}

customElements.define('ct-kept-keys', KeptKeys);
