// The acts of the advisers: those that wait for one's own countersignature first, and those one has asked for.

import { css, html } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { linksSheet } from '../rows.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */

export class Acts extends Screen {
  static properties = { ...Screen.properties, acts: { state: true }, problem: { state: true } };
  static styles = [
    sheet,
    linksSheet,
    css`
      @media (min-width: 900px) {
        .wide {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
          align-items: start;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Action[] | null} */
    this.acts = null;
    this.problem = '';
    new Listening(this, [[stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  /** @param {{ type: string }} frame */
  #hear({ type }) {
    if (type === 'event' || type === 'reset') void this.#read();
  }

  async #read() {
    try {
      const page = /** @type {{ items: Action[] }} */ (await api.get('/v1/actions'));
      this.acts = page.items;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const acts = this.acts ?? [];
    const mine = acts.filter(isMine);
    const others = acts.filter((act) => !isMine(act));
    return html`
      <div class="stack">
        <h1>${t('acts')}</h1>
        ${notice('bad', this.problem)}
        <p class="soft" aria-live="polite">${this.acts === null ? t('loading') : told(mine.length)}</p>
        <div class="stack wide">
          <ul class="plain stack">${mine.map(row)}</ul>
          <section class="stack" ?hidden=${others.length === 0}>
            <h2>${t('acts.others')}</h2>
            <ul class="plain stack">${others.map(row)}</ul>
          </section>
        </div>
      </div>
    `;
  }
}

/** @param {Action} act */
const isMine = ({ status, challenge }) => status === 'pending' && challenge?.status === 'open';

/** @param {number} count */
const told = (count) => (count === 0 ? t('acts.none') : t('acts.count', { count }));

/** @param {Action} act */
function row({ id, status, created, initiator, statement }) {
  return html`
    <li>
      <a class="card" href="/desk/acts/${id}">
        <strong>${statement.title}</strong>
        <span><bdi>${statement.lines[0]?.value}</bdi></span>
        <span class="soft small">${t(`status.${status}`)} · <bdi>${initiator?.name ?? ''}</bdi> · ${moment(created)}</span>
      </a>
    </li>
  `;
}

customElements.define('ct-acts', Acts);
