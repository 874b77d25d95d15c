// The new device's end: it reads the code of the QR, makes its key, shows two digits, and waits for them to be confirmed.

import { html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { until } from '../../shared/asking.js';
import { keep } from '../../shared/device.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { newDevice } from './key.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.ScannedContent} Scanned */
/** @typedef {import('../../wire.js').Http.EnrolmentContent} Enrolment */
/** @typedef {'asking' | 'waiting' | 'done' | 'closed'} Step */

export class NewDevice extends Screen {
  static properties = {
    ...Screen.properties,
    ticket: { state: true },
    name: { state: true },
    digits: { state: true },
    step: { state: true },
    problem: { state: true },
    sending: { state: true },
  };
  static styles = [sheet];

  #gone = new AbortController();

  constructor() {
    super();
    this.ticket = location.hash.slice(1);
    history.replaceState(null, '', location.pathname); // it is good once: the address keeps no trace of it
    this.name = t('name.default');
    this.digits = '';
    /** @type {Step} */
    this.step = 'asking';
    this.problem = '';
    this.sending = false;
  }

  /** @override */
  disconnectedCallback() {
    this.#gone.abort();
    super.disconnectedCallback();
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    try {
      const { keys, form } = await newDevice(this.name);
      const scanned = /** @type {Scanned} */ (
        await api.post('/v1/enrolments/scans', { ...form, ticket: this.ticket.trim() })
      );
      this.digits = scanned.digits;
      this.step = 'waiting';
      await this.#wait({ id: scanned.device.id, token: scanned.token, keys });
    } catch (error) {
      this.problem = said(error);
      this.step = 'asking';
    } finally {
      this.sending = false;
    }
  }

  /** @param {import('../../shared/device.js').Device} device */
  async #wait(device) {
    const end = await until(() => this.#state(), { every: 1000, signal: this.#gone.signal });
    if (end === 'done') {
      stream.device = device;
      await keep(device);
    }
    if (end !== null) this.step = end;
  }

  /** @returns {Promise<'done' | 'closed' | null>} */
  async #state() {
    const { status } = /** @type {Enrolment} */ (await api.post('/v1/enrolments/state', { ticket: this.ticket.trim() }));
    return status === 'done' || status === 'closed' ? status : null;
  }

  /** @override */
  render() {
    return html`
      <div class="card stack">
        <h1>${t('new')}</h1>
        ${notice('bad', this.problem)} ${this.#step()}
      </div>
    `;
  }

  #step() {
    switch (this.step) {
      case 'waiting':
        return html`<p>${t('new.digits')}</p>
          <p class="digits" role="status" aria-label=${t('new.digits.spoken', { digits: [...this.digits].join(' ') })}>
            ${this.digits}
          </p>
          <p class="soft">${t('new.waiting')}</p>`;
      case 'done':
        return html`${notice('good', t('new.done'))} <a class="button main" href="/app">${t('new.go')}</a>`;
      case 'closed':
        return notice('bad', t('new.closed'));
      case 'asking':
        return this.#form();
    }
  }

  #form() {
    return html`
      <form class="stack" @submit=${this.#send}>
        <p>${this.ticket === '' ? t('new.how') : t('new.ready')}</p>
        ${this.ticket === '' || this.problem
          ? field({
              name: 'ticket',
              label: t('new.code'),
              value: this.ticket,
              input: (value) => (this.ticket = value.slice(value.indexOf('#') + 1)),
            })
          : nothing}
        ${field({ name: 'name', label: t('name'), value: this.name, input: (name) => (this.name = name), most: 60 })}
        <button class="main" ?disabled=${this.sending}>${t('new.send')}</button>
      </form>
    `;
  }
}

customElements.define('ct-new-device', NewDevice);
