// Which of the person's devices are woken by notifications, when each last was, and this one's switch.

import { html, nothing } from 'lit';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { enrolled } from '../../shared/device.js';
import { moment } from '../../shared/format.js';
import { Problem } from '../../shared/api.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { Denied, NoService, isSupported, subscribe, unsubscribe } from './subscribing.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.PushSubscriptionContent} Subscription */
/** @typedef {import('../../wire.js').Http.DeviceContent} Device */

export class Notifications extends Screen {
  static properties = {
    ...Screen.properties,
    subscriptions: { state: true },
    devices: { state: true },
    isEnrolled: { state: true },
    isBusy: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly Subscription[] | null} */
    this.subscriptions = null;
    /** @type {readonly Device[]} */
    this.devices = [];
    this.isEnrolled = false;
    this.isBusy = false;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#does(() => this.#read());
  }

  async #read() {
    this.isEnrolled = (await enrolled()) !== null;
    const [subscriptions, devices] = await Promise.all([api.get('/v1/push-subscriptions'), api.get('/v1/devices')]);
    this.subscriptions = /** @type {{ items: Subscription[] }} */ (subscriptions).items;
    this.devices = /** @type {{ items: Device[] }} */ (devices).items;
  }

  /** @param {() => Promise<unknown>} work */
  async #does(work) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.problem = '';
    try {
      await work();
    } catch (error) {
      this.problem = told(error);
    } finally {
      this.isBusy = false;
    }
  }

  async #turnOn() {
    await subscribe();
    await this.#read();
  }

  /** @param {Subscription} subscription */
  async #turnOff(subscription) {
    await unsubscribe(subscription);
    await this.#read();
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('title')}</h1>
        <p>${t('what')}</p>
        ${notice('bad', this.problem)} ${this.subscriptions === null ? nothing : this.#known(this.subscriptions)}
      </div>
    `;
  }

  /** @param {readonly Subscription[]} subscriptions */
  #known(subscriptions) {
    const isOn = subscriptions.some((each) => each.current);
    return html`
      ${isOn ? nothing : this.#offer()}
      <ul class="plain stack">
        ${subscriptions.map((each) => this.#row(each))}
      </ul>
    `;
  }

  #offer() {
    if (!isSupported()) return notice('plain', t('unsupported'));
    if (!this.isEnrolled) return notice('plain', t('enrol_first'));
    return html`
      <button class="main" ?disabled=${this.isBusy} @click=${() => this.#does(() => this.#turnOn())}>
        ${this.isBusy ? t('turning_on') : t('turn_on')}
      </button>
    `;
  }

  /** @param {Subscription} subscription */
  #row(subscription) {
    const device = this.devices.find((each) => each.id === subscription.device);
    return html`
      <li class="card stack">
        <h2><bdi>${device?.name}</bdi> ${subscription.current ? html`<span class="soft">${t('here')}</span>` : nothing}</h2>
        <p>${lastTold(subscription)}</p>
        ${failure(subscription)}
        <button ?disabled=${this.isBusy} @click=${() => this.#does(() => this.#turnOff(subscription))}>
          ${t('turn_off')}<span class="hidden-text">&nbsp;: <bdi>${device?.name}</bdi></span>
        </button>
      </li>
    `;
  }
}

/** @param {Subscription} subscription */
function lastTold(subscription) {
  const { last_sent: sent, channel } = subscription;
  if (sent === null) return t('never');
  return t(channel === 'fcm' ? 'last.fcm' : 'last.web_push', { when: moment(sent) });
}

/** @param {Subscription} subscription */
function failure({ last_outcome: outcome }) {
  return outcome === null || outcome === 'sent' ? nothing : notice('warn', t('failed', { outcome }));
}

/** @param {unknown} error */
function told(error) {
  if (error instanceof Denied) return t('denied');
  if (error instanceof NoService) return t('no_service');
  if (error instanceof Problem && error.code === 'push_not_served') return t('not_served');
  if (error instanceof Problem && error.code === 'device_needed') return t('enrol_first');
  return said(error);
}

customElements.define('ct-notifications', Notifications);
