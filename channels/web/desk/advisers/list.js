// The bank's own people, with their roles; a supervisor asks for a further one.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import '../acts/ask.js';
import { api } from '../here.js';
import { NONE, myRights } from '../rights.js';
import { linksSheet } from '../rows.js';
import { said } from '../saying.js';
import { t as common } from '../words.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.AdviserContent} Adviser */
/** @typedef {import('../../wire.js').Http.PageContent_AdviserContent_} Page */

const TEXTS = { adviser: 16, name: 70 };
const CHOICES = { role: ['adviser', 'supervisor', 'auditor'], language: ['fr', 'en'] };

export class Advisers extends Screen {
  static properties = {
    ...Screen.properties,
    advisers: { state: true },
    rights: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    linksSheet,
    css`
      @media (min-width: 700px) {
        ul.plain {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly Adviser[] | null} */
    this.advisers = null;
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
      const [page, rights] = await Promise.all([/** @type {Promise<Page>} */ (api.get('/v1/advisers')), myRights()]);
      this.advisers = page.items;
      this.rights = rights;
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const present = this.advisers?.filter(({ status }) => status !== 'left') ?? [];
    const gone = this.advisers?.filter(({ status }) => status === 'left') ?? [];
    return html`
      <div class="stack">
        <h1>${t('advisers')}</h1>
        ${notice('bad', this.problem)}
        <p class="soft" aria-live="polite">
          ${this.advisers === null ? (this.problem ? nothing : common('loading')) : t('advisers.count', { count: present.length })}
        </p>
        ${this.rights.staffs
          ? html`<ct-ask .kind=${'adviser_addition'} .how=${t('advisers.new.how')} .texts=${TEXTS} .choices=${CHOICES}></ct-ask>`
          : nothing}
        <ul class="plain stack">${present.map(row)}</ul>
        ${gone.length === 0
          ? nothing
          : html`<h2>${t('advisers.gone')}</h2>
              <ul class="plain stack">${gone.map(row)}</ul>`}
      </div>
    `;
  }
}

/** @param {Adviser} adviser */
function row({ number, name, role, status }) {
  return html`
    <li>
      <a class="card" href="/desk/advisers/${encodeURIComponent(number)}">
        <strong><bdi>${name}</bdi></strong>
        <span class="soft small">
          ${t('adviser.number', { number })} · ${common(`choice.role.${role}`)} · ${t(`adviser.${status}`)}
        </span>
      </a>
    </li>
  `;
}

customElements.define('ct-advisers', Advisers);
