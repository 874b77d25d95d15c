// The day in figures: what became of the operations opened on it, and how soon they were signed.

import { css, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { isoDay } from '../../shared/format.js';
import { locale } from '../../shared/language.js';
import { api } from '../here.js';
import { stateSheet } from '../operations/state.js';
import { t } from '../operations/words.js';
import { said } from '../saying.js';
import { picture, pictureSheet } from './picture.js';

/** @typedef {import('../../wire.js').Http.FiguresContent} Content */

const written = new Intl.NumberFormat(locale);

export class Figures extends Screen {
  static properties = {
    ...Screen.properties,
    day: { state: true },
    figures: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    stateSheet,
    pictureSheet,
    css`
      .field {
        max-width: 16rem;
      }
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
    this.day = isoDay(Date.now());
    /** @type {Content | null} */
    this.figures = null;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    const { day } = this;
    try {
      const figures = /** @type {Content} */ (await api.get('/v1/figures', { day }));
      if (this.day !== day) return; // another day was chosen meanwhile
      this.figures = figures;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @param {string} day empty while it is being typed */
  #choose(day) {
    if (day === '' || day === this.day) return;
    this.day = day;
    void this.#read();
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('figures')}</h1>
        <p class="soft">${t('figures.what')}</p>
        ${field({ name: 'day', label: t('figures.day'), value: this.day, input: (day) => this.#choose(day), type: 'date' })}
        ${notice('bad', this.problem)}
        ${this.figures === null ? html`<p class="soft">${this.problem ? nothing : t('loading')}</p>` : this.#pictures(this.figures)}
      </div>
    `;
  }

  /** @param {Content} figures */
  #pictures({ operations, signatures }) {
    const opened = total(operations);
    const signed = total(signatures);
    return html`
      <p aria-live="polite">
        <strong>${t('figures.operations', { count: opened })}</strong>, ${t('figures.signatures', { count: signed })}${half(signatures)}
      </p>
      <div class="stack wide">
        ${picture(
          t('figures.by_state'),
          operations.map(({ status, count }) => ({ words: t(`state.${status}`), count, look: status })),
          written.format,
        )}
        ${picture(
          t('figures.time_to_sign'),
          signatures.map(({ seconds, count }) => ({ words: within(seconds), count })),
          written.format,
        )}
      </div>
    `;
  }
}

/** @param {readonly { count: number }[]} counted */
const total = (counted) => counted.reduce((sum, { count }) => sum + count, 0);

/** @param {number | null} seconds */
function within(seconds) {
  if (seconds === null) return t('within.later');
  return seconds < 3600 ? t('within.minutes', { count: seconds / 60 }) : t('within.hours', { count: seconds / 3600 });
}

/**
 * The bound under which at least half of the signatures came.
 * @param {Content['signatures']} signatures by how soon
 */
function half(signatures) {
  const signed = total(signatures);
  let sum = 0;
  const found = signatures.find(({ count }) => (sum += count) * 2 >= signed);
  return signed === 0 || !found ? '.' : ` ${t('figures.half', { bound: within(found.seconds) })}`;
}

customElements.define('ct-figures', Figures);
