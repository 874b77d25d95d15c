// An adviser's first entry: the letter's secret and a password of one's own, then the authenticator.
//
// Password and secret are in this page's memory until the authenticator is confirmed: the bank asks for the secret twice.

import { css, html } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { Problem } from '../../shared/api.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../advisers/words.js';
import { t as common } from '../words.js';
import './authenticator.js';

/** @typedef {import('../../wire.js').Http.ShownSeedContent} ShownSeed */
/** @typedef {'number' | 'secret' | 'password' | 'again'} Name */

export class FirstEntry extends Screen {
  static properties = {
    ...Screen.properties,
    typed: { state: true },
    shown: { state: true },
    sending: { state: true },
    weak: { state: true },
    problem: { state: true },
  };

  static styles = [
    sheet,
    css`
      :host {
        width: min(100%, 32rem);
        margin-inline: auto;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = { number: '', secret: '', password: '', again: '' };
    /** The authenticator's seed, once the password is chosen. @type {ShownSeed | null} */
    this.shown = null;
    this.sending = false;
    /** What is wrong with the password chosen. */
    this.weak = '';
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const { again, ...form } = this.typed;
    this.problem = '';
    this.weak = again === form.password ? '' : t('entry.differs');
    if (this.sending || this.weak) return;
    this.sending = true;
    try {
      this.shown = /** @type {ShownSeed} */ (await api.post('/v1/advisers/activation', form));
    } catch (error) {
      if (error instanceof Problem && error.code === 'password_weak') this.weak = said(error);
      else this.problem = said(error);
    } finally {
      this.sending = false;
      this.typed = { ...this.typed, password: '', again: '' };
    }
  }

  /** @param {string} totp */
  #confirm(totp) {
    const { number, secret } = this.typed;
    return api.post('/v1/advisers/activation/confirmation', { number, secret, totp });
  }

  #forget() {
    this.typed = { number: '', secret: '', password: '', again: '' };
  }

  /** @override */
  render() {
    return html`
      <div class="card stack">
        <h1>${t('entry')}</h1>
        ${this.shown === null ? this.#form() : this.#authenticator(this.shown)}
      </div>
    `;
  }

  /** @param {ShownSeed} shown */
  #authenticator(shown) {
    return html`
      <ct-new-authenticator
        .shown=${shown}
        .confirm=${(/** @type {string} */ totp) => this.#confirm(totp)}
        @enrolled=${this.#forget}
      >
        <a class="button main" href="/desk">${t('entry.go')}</a>
      </ct-new-authenticator>
    `;
  }

  #form() {
    return html`
      <form class="stack" @submit=${this.#send}>
        <p>${t('entry.how')}</p>
        ${this.#field('number', { autocomplete: 'username', most: 16 })}
        ${this.#field('secret', { hint: t('entry.secret.hint'), most: 64 })}
        ${this.#field('password', { ...CHOSEN, hint: t('entry.password.hint'), error: this.weak || undefined })}
        ${this.#field('again', CHOSEN)} ${notice('bad', this.problem)}
        <button class="main" ?disabled=${this.sending}>${this.sending ? common('sending') : t('entry.send')}</button>
        <p><a href="/desk">${t('entry.back')}</a></p>
      </form>
    `;
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../../parts/field.js').Field>} more
   */
  #field(name, more) {
    const input = (/** @type {string} */ value) => {
      this.typed = { ...this.typed, [name]: more.type === 'password' ? value : value.replace(/\s/g, '') };
    };
    return field({ name, label: t(`entry.${name}`), value: this.typed[name], input, ...more });
  }
}

/** @type {Partial<import('../../parts/field.js').Field>} */
const CHOSEN = { type: 'password', autocomplete: 'new-password', most: 128 };

customElements.define('ct-adviser-entry', FirstEntry);
