// What is the person's own: devices, stays that are signed in, cards; each can be ended here.

import { html, nothing } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { rowsSheet } from '../../parts/rows.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { moment } from '../../shared/format.js';
import { spaced } from '../../shared/spacing.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.DeviceContent} Device */
/** @typedef {import('../../wire.js').Http.SessionContent} Stay */
/** @typedef {import('../../wire.js').Http.HeldCardContent} Card */

export class Mine extends Screen {
  static properties = {
    ...Screen.properties,
    devices: { state: true },
    stays: { state: true },
    cards: { state: true },
    problem: { state: true },
    asked: { state: true },
  };
  static styles = [sheet, rowsSheet];

  constructor() {
    super();
    /** Null until everything is read, for what is shown before would move under the finger. @type {readonly Device[] | null} */
    this.devices = null;
    /** @type {readonly Stay[]} */
    this.stays = [];
    /** @type {readonly Card[]} */
    this.cards = [];
    this.problem = '';
    /** What was asked to be ended and is to be asked once more. */
    this.asked = '';
    new Listening(this, [[stream, 'frame']], (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === 'event') void this.#read();
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      const [devices, stays, cards] = await Promise.all(
        ['/v1/devices', '/v1/sessions', '/v1/cards'].map((path) => /** @type {Promise<any>} */ (api.get(path))),
      );
      this.devices = devices.items.filter((/** @type {Device} */ device) => device.revoked === null);
      this.stays = stays.items;
      this.cards = cards.items;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /**
   * Ending something is asked twice: the first tap says what the second will do.
   * @param {string} path
   */
  async #end(path) {
    if (this.asked !== path) {
      this.asked = path;
      return;
    }
    this.asked = '';
    try {
      await api.delete(path);
      await this.#read();
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const { devices, problem } = this;
    return html`
      <div class="stack">
        <h1>${t('mine')}</h1>
        ${notice('bad', problem)} ${devices === null && !problem ? html`<p class="soft">${t('loading')}</p>` : this.#all(devices ?? [])}
      </div>
    `;
  }

  /** @param {readonly Device[]} devices */
  #all(devices) {
    return html`
      <p><a class="button" href="/app/notifications">${t('mine.notifications')}</a></p>
      ${section('devices', devices, (device) => this.#device(device))}
      <div class="row">
        <a class="button" href="/app/mine/enrol">${t('mine.enrol')}</a>
        <a class="button" href="/app/mine/bridge">${t('mine.bridge')}</a>
      </div>
      ${section('stays', this.stays, (stay) => this.#stay(stay))}
      ${section('cards', this.cards, (card) => this.#card(card))}
      <div class="row">
        <a class="button" href="/app/mine/code">${t('mine.code')}</a>
        <a class="button" href="/app/mine/substitutes">${t('mine.substitutes')}</a>
      </div>
    `;
  }

  /** @param {Device} device */
  #device({ id, kind, name, created }) {
    const isHere = stream.device?.id === id;
    return html`
      <div>
        <bdi>${name}</bdi>
        <div class="soft small">
          ${t(`device.${kind}`)} · ${t('since', { when: moment(created) })}${isHere ? ` · ${t('here')}` : ''}
        </div>
      </div>
      ${this.#button(`/v1/devices/${id}`, t('device.revoke'))}
    `;
  }

  /** @param {Stay} stay */
  #stay({ login, device_name, current }) {
    return html`
      <div>
        <bdi>${device_name ?? t('stay.no_device')}</bdi>
        <div class="soft small">${t('since', { when: moment(login.created) })}${current ? ` · ${t('here')}` : ''}</div>
      </div>
      ${current ? nothing : this.#button(`/v1/sessions/${login.id}`, t('stay.end'))}
    `;
  }

  /** @param {Card} card */
  #card({ kind, last4, text, call }) {
    return html`
      <div>
        ${t(`card.${kind}`)}${last4 === null ? '' : ` ···· ${last4}`}
        <div class="soft small">${spaced(text)}${call === null ? '' : ` ${t(`call.${call}`)}`}</div>
      </div>
    `;
  }

  /**
   * @param {string} path
   * @param {string} text
   */
  #button(path, text) {
    const isAsked = this.asked === path;
    return html`<button class=${isAsked ? 'danger main' : 'danger'} @click=${() => this.#end(path)}>
      ${isAsked ? t('sure', { what: text }) : text}
    </button>`;
  }
}

/**
 * @template T
 * @param {'devices' | 'stays' | 'cards'} name
 * @param {readonly T[]} items
 * @param {(item: T) => unknown} row
 */
function section(name, items, row) {
  return html`
    <section class="card" aria-labelledby=${name}>
      <h2 id=${name}>${t(`mine.${name}`)}</h2>
      ${items.length === 0 ? html`<p class="soft">${t(`mine.${name}.none`)}</p>` : nothing}
      <ul class="plain">
        ${items.map((item) => html`<li>${row(item)}</li>`)}
      </ul>
    </section>
  `;
}

customElements.define('ct-mine', Mine);
