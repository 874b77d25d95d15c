// One operation of a company: what it is, where it stands, who signed; and its evidence, as a file to keep.

import { css, html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { rowsSheet } from '../../parts/rows.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { statementCard, statementSheet } from '../../parts/statement.js';
import { moment } from '../../shared/format.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { save } from './saving.js';
import { stateMark, stateSheet } from './state.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Content */
/** @typedef {Content['signatures'][number]} Signature */

export class Operation extends Screen {
  static properties = {
    ...Screen.properties,
    operation: { state: true },
    fetching: { state: true },
    saved: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    rowsSheet,
    statementSheet,
    stateSheet,
    css`
      @media (min-width: 900px) {
        .wide {
          grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
          align-items: start;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Content | null} */
    this.operation = null;
    this.fetching = false;
    /** The name under which the evidence was saved. */
    this.saved = '';
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    const { client, id } = this.parts;
    try {
      const path = `/v1/portfolio/${encodeURIComponent(client ?? '')}/actions/${encodeURIComponent(id ?? '')}`;
      this.operation = /** @type {Content} */ (await api.get(path));
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** @param {string} id */
  async #save(id) {
    if (this.fetching) return;
    this.fetching = true;
    this.problem = '';
    this.saved = '';
    try {
      const name = `${id}.json`;
      save(await api.file(`/v1/actions/${id}/evidence`), name);
      this.saved = name;
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.fetching = false;
    }
  }

  /** @override */
  render() {
    if (this.operation === null) {
      return html`<h1>${t('operation')}</h1>
        ${this.problem ? notice('bad', this.problem) : html`<p class="soft">${t('loading')}</p>`}`;
    }
    const { statement, status, created, ended } = this.operation;
    return html`
      <div class="stack">
        <p><a href="/desk/operations/${this.parts.client}">${t('operation.back')}</a></p>
        <h1>${statement.title}</h1>
        <p>
          ${stateMark(status)}
          <span class="soft">
            · ${t('operation.opened', { when: moment(created) })}
            ${ended === null ? nothing : html`· ${t('operation.ended', { when: moment(ended) })}`}
          </span>
        </p>
        ${notice('bad', this.problem)}
        <div class="stack wide">
          ${statementCard(statement)}
          <div class="stack">${this.#signatures(this.operation)} ${this.#evidence(this.operation)}</div>
        </div>
      </div>
    `;
  }

  /** @param {Content} operation */
  #signatures({ signatures }) {
    return html`
      <section class="card stack">
        <h2>${t('signatures')}</h2>
        <ul class="plain">${signatures.map(row)}</ul>
      </section>
    `;
  }

  /** @param {Content} operation */
  #evidence({ id }) {
    return html`
      <section class="card stack">
        <h2>${t('evidence')}</h2>
        <p>${t('evidence.what')}</p>
        <p class="soft small">${t('evidence.check')} <code>contreseing evidence verify</code></p>
        <button class="main" ?disabled=${this.fetching} @click=${() => this.#save(id)}>
          ${this.fetching ? t('loading') : t('evidence.save')}
        </button>
        <div aria-live="polite">${this.saved ? t('evidence.saved', { name: this.saved }) : nothing}</div>
      </section>
    `;
  }
}

/** @param {Signature} signature */
function row({ signer, in_place_of, status, at }) {
  return html`
    <li>
      <div>
        <strong><bdi>${signer.name}</bdi></strong>
        ${in_place_of === null ? nothing : html`<p class="soft small">${t('signature.in_place_of', { name: in_place_of.name ?? in_place_of.number })}</p>`}
        <p class="soft small">${t(`signature.${status}`)}${at === null ? nothing : html` · ${moment(at)}`}</p>
      </div>
    </li>
  `;
}

customElements.define('ct-operation', Operation);
