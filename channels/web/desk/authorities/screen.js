// The authorities whose certificates the bank accepts, and those it accepts no more; a supervisor asks for what changes.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { date } from '../../shared/format.js';
import '../acts/ask.js';
import { fingerprint } from '../certificates/fingerprint.js';
import { api } from '../here.js';
import { NONE, myRights } from '../rights.js';
import { actsSheet } from '../rows.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.AuthoritiesContent} Authorities */
/** @typedef {import('../../wire.js').Http.AuthorityContent} Authority */

export class AuthoritiesScreen extends Screen {
  static properties = {
    ...Screen.properties,
    authorities: { state: true },
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
      code {
        overflow-wrap: anywhere;
      }
      .acts {
        margin-top: 8px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly Authority[] | null} */
    this.authorities = null;
    this.rights = NONE;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      const authorities = /** @type {Promise<Authorities>} */ (api.get('/v1/authorities'));
      [this.authorities, this.rights] = [(await authorities).items, await myRights()];
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
        ${this.rights.staffs
          ? html`<div class="row"><a class="button" href="/desk/authorities/new">${t('authorities.new')}</a></div>`
          : nothing}
        <ul class="plain stack">${authorities?.map((each) => row(each, this.rights.staffs))}</ul>
      </div>
    `;
  }
}

/**
 * @param {Authority} authority
 * @param {boolean} staffs whether changes are offered
 */
function row({ id, name, policies, uses, ocsp_url, crl_url, withdrawn, certificate }, staffs) {
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
      <p class="soft small">${t('authority.fingerprint')} <code>${fingerprint(certificate)}</code></p>
      ${staffs && withdrawn === null ? acts(id) : nothing}
    </li>
  `;
}

/** @param {string} id */
function acts(id) {
  return html`
    <div class="acts">
      <a class="button" href="/desk/authorities/${id}">${t('authorities.change')}</a>
      <ct-ask .kind=${'authority_withdrawal'} .about=${{ authority: id }}></ct-ask>
    </div>
  `;
}

customElements.define('ct-authorities', AuthoritiesScreen);
