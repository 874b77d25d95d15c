// A screen that lets a further device in: shows what the device is to be given, then takes the two digits the device shows.

import { html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { Problem, Unreachable } from '../../shared/api.js';
import { until } from '../../shared/asking.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.EnrolmentContent} Enrolment */

/**
 * @template {{ id: string, expires: number }} Offered
 */
export class Offering extends Screen {
  static properties = {
    ...Screen.properties,
    offered: { state: true },
    device: { state: true },
    digits: { state: true },
    outcome: { state: true },
    problem: { state: true },
    sending: { state: true },
  };

  #gone = new AbortController();

  /**
   * @param {'offer' | 'pair'} kind what its words begin with
   * @param {string} path where it is asked for
   */
  constructor(kind, path) {
    super();
    this.kind = kind;
    this.path = path;
    /** @type {Offered | null} */
    this.offered = null;
    /** What the new device calls itself, once it was given the code. @type {string | null} */
    this.device = null;
    this.digits = '';
    /** @type {'done' | 'closed' | null} */
    this.outcome = null;
    this.problem = '';
    this.sending = false;
  }

  /** @override */
  disconnectedCallback() {
    this.#gone.abort();
    super.disconnectedCallback();
  }

  async #offer() {
    if (this.sending) return;
    this.sending = true;
    this.offered = this.outcome = this.device = null;
    this.digits = this.problem = '';
    try {
      this.offered = /** @type {Offered} */ (await api.post(this.path));
      void this.#watch(this.offered);
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {Offered} offered */
  async #watch(offered) {
    try {
      await until(() => this.#look(offered), { every: 1000, signal: this.#gone.signal });
    } catch (error) {
      this.problem = said(error);
      this.outcome ??= 'closed';
    }
  }

  /**
   * @param {Offered} offered
   * @returns {Promise<true | null>} true: there is nothing more to wait for
   */
  async #look(offered) {
    try {
      const { status, device } = /** @type {Enrolment} */ (await api.get(`/v1/enrolments/${offered.id}`));
      if (this.outcome !== null || this.offered !== offered) return true;
      if (status === 'scanned') this.device = device;
      if (status === 'done' || status === 'closed') this.outcome = status; // `done`, even where the answer was lost
      this.requestUpdate(); // the time left
      return status === 'offered' || (status === 'scanned' && stream.state !== 'over') ? null : true;
    } catch (error) {
      if (error instanceof Unreachable) return null; // the network may be back before the time is over
      throw error;
    }
  }

  /** @param {SubmitEvent} event */
  async #confirm(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      await api.post(`/v1/enrolments/${this.offered?.id}/confirmation`, { digits: this.digits });
      this.outcome = 'done';
    } catch (error) {
      this.problem = said(error);
      if (error instanceof Problem) this.outcome ??= 'closed';
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    return html`
      <div class="card stack">
        <h1>${t(this.kind)}</h1>
        ${notice('bad', this.outcome === 'done' ? '' : this.problem)} ${this.#step()}
        <a href="/app/mine">${t('offer.back')}</a>
      </div>
    `;
  }

  #step() {
    if (this.outcome === 'done') return notice('good', t(`${this.kind}.done`));
    if (this.offered === null || this.outcome === 'closed') {
      return html`${this.outcome === 'closed' && !this.problem ? notice('warn', t(`${this.kind}.closed`)) : nothing}
        <p>${t(`${this.kind}.how`)}</p>
        <button class="main" ?disabled=${this.sending} @click=${this.#offer}>${t(`${this.kind}.show`)}</button>`;
    }
    return this.device === null ? this.code(this.offered) : this.#digits(this.device);
  }

  /**
   * How the device is given the code.
   * @param {Offered} _offered
   * @returns {unknown}
   */
  code(_offered) {
    return nothing;
  }

  /** @param {string} device */
  #digits(device) {
    return html`
      <form class="stack" @submit=${this.#confirm}>
        <p role="status">${t(`${this.kind}.scanned`)} <bdi>${device}</bdi></p>
        ${field({
          name: 'digits',
          label: t(`${this.kind}.digits`),
          hint: t(`${this.kind}.digits.hint`),
          value: this.digits,
          input: (digits) => (this.digits = digits.trim()),
          mode: 'numeric',
          most: 2,
        })}
        <button class="main" ?disabled=${this.sending || !/^[0-9]{2}$/.test(this.digits)}>${t('offer.confirm')}</button>
      </form>
    `;
  }
}
