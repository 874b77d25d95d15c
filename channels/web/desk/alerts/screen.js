// What people of the portfolio say was not them: what was stopped, who is looking into it, and what to do.

import { html, nothing } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { moment } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.AlertContent} Alert */
/** @typedef {import('../../wire.js').Http.PageContent_AlertContent_} Page */

export class Alerts extends Screen {
  static properties = {
    ...Screen.properties,
    alerts: { state: true },
    next: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly Alert[] | null} */
    this.alerts = null;
    /** @type {string | null} */
    this.next = null;
    this.sending = false;
    this.problem = '';
    new Listening(this, [[stream, 'frame']], (event) => {
      const { type, kind } = /** @type {CustomEvent} */ (event).detail;
      if (type === 'event' && kind === 'alert_raised') void this.#read(undefined);
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read(undefined);
  }

  /** @param {string | undefined} after */
  async #read(after) {
    try {
      const page = /** @type {Page} */ (await api.get('/v1/alerts', { after }));
      this.alerts = after === undefined ? page.items : [...(this.alerts ?? []), ...page.items];
      this.next = page.next;
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @param {string} id */
  async #take(id) {
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      await api.post(`/v1/alerts/${id}/taking`);
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
    await this.#read(undefined);
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('alerts')}</h1>
        ${notice('bad', this.problem)}
        ${this.alerts?.length === 0 ? html`<p class="soft">${t('alerts.none')}</p>` : nothing}
        <ul class="plain stack">
          ${this.alerts?.map((alert) => this.#row(alert))}
        </ul>
        ${this.next === null ? nothing : html`<button @click=${() => this.#read(this.next ?? undefined)}>${t('more')}</button>`}
      </div>
    `;
  }

  /** @param {Alert} alert */
  #row({ id, kind, client_identifier, company, user, found, raised, stopped, taken }) {
    return html`
      <li class="card stack">
        <h2>${t(`alert.${kind}`)}</h2>
        <p>
          <bdi>${user.name}</bdi> ·
          <a href="/desk/companies/${client_identifier}"><bdi>${company}</bdi></a> · ${moment(raised)}
        </p>
        <p>${found === 'satisfied' ? t('alert.too_late') : t('alert.in_time')} ${stopped ? t('alert.stopped') : ''}</p>
        ${taken === null
          ? html`<p class="soft">${t('alert.do')}</p>
              <div><button class="main" ?disabled=${this.sending} @click=${() => this.#take(id)}>${t('alert.take')}</button></div>`
          : html`<p class="soft">${t('alert.taken', { when: moment(taken) })}</p>`}
      </li>
    `;
  }
}

customElements.define('ct-alerts', Alerts);
