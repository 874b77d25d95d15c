// Makes this browser the person's first device, straight after they signed in with code and CAP code (RULES 24).

import { LitElement, html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { keep } from '../../shared/device.js';
import { newDevice } from '../enrolment/key.js';
import { api, session, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.EnrolledContent} Enrolled */

const FRESH = 300_000; // milliseconds a strong sign-in counts for enrolling
let isDeclined = false;

/**
 * The offer, where it can be taken up: nothing once there is a device here, or the proof is too weak or too old.
 * @param {() => void} enrolled told when it was taken up
 */
export function offerDevice(enrolled) {
  const login = session.stay?.login;
  if (login === undefined || isDeclined || stream.device !== null) return nothing;
  const isStrong = login.factors.includes('confidential_code') && login.factors.includes('cap');
  if (!isStrong || stream.now() - login.created > FRESH) return nothing;
  return html`<ct-first-device @enrolled=${enrolled}></ct-first-device>`;
}

/** Fires `enrolled`. */
export class FirstDevice extends LitElement {
  static styles = [sheet];
  static properties = { name: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.name = t('device.name.default');
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #enrol(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    try {
      await this.#offer();
      this.dispatchEvent(new Event('enrolled'));
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  async #offer() {
    const { keys, form } = await newDevice(this.name);
    const { device, token } = /** @type {Enrolled} */ (await api.post('/v1/devices', form));
    stream.device = { id: device.id, token, keys };
    await keep(stream.device);
    await session.resume(); // the login is of this device now
  }

  #decline() {
    isDeclined = true;
    this.remove();
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#enrol}>
        <h2>${t('device.offer')}</h2>
        <p>${t('device.offer.why')}</p>
        ${notice('bad', this.problem)}
        ${field({
          name: 'name',
          label: t('device.name'),
          value: this.name,
          input: (name) => (this.name = name),
          most: 60,
        })}
        <div class="row">
          <button class="main" ?disabled=${this.sending}>${t('device.enrol')}</button>
          <button type="button" class="plain" @click=${this.#decline}>${t('device.later')}</button>
        </div>
      </form>
    `;
  }
}

customElements.define('ct-first-device', FirstDevice);
