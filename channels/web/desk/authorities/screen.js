// The authorities whose certificates the bank accepts, and those it accepts no more; changed by acts, not here.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { date } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.AuthoritiesContent} Authorities */
/** @typedef {import('../../wire.js').Http.AuthorityContent} Authority */

export class AuthoritiesScreen extends Screen {
  static properties = { ...Screen.properties, authorities: { state: true }, problem: { state: true } };
  static styles = [
    sheet,
    css`
      li.card {
        display: grid;
        gap: 4px;
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly Authority[] | null} */
    this.authorities = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      this.authorities = /** @type {Authorities} */ (await api.get('/v1/authorities')).items;
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const { authorities, problem } = this;
    return html`
      <div class="stack">
        <h1>${t('authorities')}</h1>
        ${notice('bad', problem)}
        <p class="soft" aria-live="polite">
          ${authorities === null ? (problem ? nothing : t('loading')) : authorities.length === 0 ? t('authorities.none') : nothing}
        </p>
        <ul class="plain stack">${authorities?.map(row)}</ul>
      </div>
    `;
  }
}

/** @param {Authority} authority */
function row({ name, policies, uses, ocsp_url, crl_url, withdrawn, certificate }) {
  return html`
    <li class="card">
      <h2><bdi>${name}</bdi></h2>
      <p>${withdrawn === null ? t('authority.accepted') : t('authority.withdrawn', { day: date(withdrawn) })}</p>
      <p class="soft small">${uses.map((use) => t(`authority.${use}`)).join(' · ')}</p>
      ${Object.entries(policies).map(
        ([policy, level]) => html`<p class="soft small figures">${t('authority.policy', { policy, level })}</p>`,
      )}
      ${[ocsp_url, crl_url].map((url) =>
        url === null ? nothing : html`<p class="soft small">${t('authority.revocation')} <bdi>${url}</bdi></p>`,
      )}
      <p class="soft small">${t('authority.fingerprint')} <code>${certificate}</code></p>
    </li>
  `;
}

customElements.define('ct-authorities', AuthoritiesScreen);
