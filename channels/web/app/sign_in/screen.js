// The door of the app: client identifier, user number, and what proves the person.
//
// The reader's code and the electronic certificate stand side by side. A certificate whose key this browser keeps opens the door
// together with the confidential code; a USB key signs on its PC, once its person is in.

import { css, html } from 'lit';
import { choice } from '../../parts/choice.js';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { allKept } from '../../shared/certificate_key.js';
import { session } from '../here.js';
import { said } from '../saying.js';
import { askedWhich, whichCard } from '../which_card.js';
import { t } from '../words.js';
import './by_phone.js';
import { certificateProof, deviceProof, remember, remembered } from './claim.js';

/** @typedef {'client_identifier' | 'user_number' | 'code' | 'cap'} Name */
/** @typedef {'cap' | 'certificate'} Means */

export class SignIn extends Screen {
  static properties = {
    ...Screen.properties,
    typed: { state: true },
    means: { state: true },
    kept: { state: true },
    cards: { state: true },
    card: { state: true },
    remembers: { state: true },
    sending: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    css`
      [role='tablist'] {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      [role='tab'] {
        border-color: var(--line);
        padding-inline: 8px;
      }
      [aria-selected='true'] {
        border-color: var(--brand);
        background: var(--brand-wash);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Record<Name, string>} */
    this.typed = { client_identifier: '', user_number: '', code: '', cap: '' };
    /** @type {Means} */
    this.means = 'cap';
    /** @type {import('../../shared/certificate_key.js').Kept[]} */
    this.kept = [];
    this.thumbprint = '';
    /** Those the code may be of, where the bank asked which. @type {readonly import('../which_card.js').Card[]} */
    this.cards = [];
    this.card = '';
    this.remembers = false;
    this.sending = false;
    this.problem = '';
  }

  /** @override */
  async connectedCallback() {
    super.connectedCallback();
    this.kept = await allKept();
    const numbers = await remembered();
    if (numbers === null) return;
    this.typed = { ...this.typed, ...numbers };
    this.remembers = true;
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    const { client_identifier, user_number } = this.typed;
    try {
      await remember(this.remembers ? { client_identifier, user_number } : null);
      await this.#comeIn({ client_identifier, user_number });
    } catch (error) {
      this.#refused(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {import('./claim.js').Numbers} numbers */
  async #comeIn(numbers) {
    const code = this.typed.code || null;
    const kept = this.means === 'certificate' ? this.#key : undefined;
    if (kept) {
      const proofs = { ...(await certificateProof(numbers, kept)), code, device: await deviceProof() };
      return await session.signIn('/v1/sessions/certificate', { ...numbers, ...proofs });
    }
    const proofs = { code, cap: this.typed.cap || null, card: this.card || null, device: await deviceProof() };
    await session.signIn('/v1/sessions', { ...numbers, ...proofs });
  }

  /** What was typed stays where the bank only asked which card it was: nothing was spent. @param {unknown} error */
  #refused(error) {
    this.problem = said(error);
    const cards = askedWhich(error);
    if (cards === null) {
      this.typed = { ...this.typed, code: '', cap: '' };
      return;
    }
    this.cards = cards;
    this.card = cards[0]?.id ?? '';
  }

  get #key() {
    return this.kept.find(({ thumbprint }) => thumbprint === this.thumbprint) ?? this.kept[0];
  }

  /** @override */
  render() {
    const { client_identifier, user_number } = this.typed;
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h1>${t('sign_in')}</h1>
        ${notice('warn', session.ended === null ? '' : t('sign_in.ended'))} ${notice('bad', this.problem)}
        ${this.#field('client_identifier', { autocomplete: 'username', most: 64 })} ${this.#field('user_number', { most: 64 })}
        ${this.#field('code', { type: 'password', autocomplete: 'current-password', required: false, most: 64 })}
        ${this.#strongMeans()}
        <label class="tick">
          <input type="checkbox" .checked=${this.remembers} @change=${() => (this.remembers = !this.remembers)} />
          ${t('sign_in.remember')}
        </label>
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sign_in.sending') : t('sign_in.send')}</button>
        <p><a href="/app/first">${t('sign_in.first')}</a></p>
        <p><a href="/app/help">${t('sign_in.help')}</a></p>
        <ct-sign-in-by-phone .numbers=${{ client_identifier, user_number }}></ct-sign-in-by-phone>
      </form>
    `;
  }

  #strongMeans() {
    return html`
      <div role="tablist" aria-label=${t('sign_in.means')}>${this.#tab('cap')} ${this.#tab('certificate')}</div>
      <div class="stack" role="tabpanel" id="panel" aria-labelledby="tab-${this.means}">
        ${this.means === 'cap'
          ? html`${whichCard(this.cards, this.card, (id) => (this.card = id))}
            ${this.#field('cap', { hint: t('sign_in.cap.hint'), required: false, autocomplete: 'one-time-code', most: 24 })}`
          : this.#certificate()}
      </div>
    `;
  }

  #certificate() {
    if (this.kept.length === 0) return html`<p>${t('sign_in.certificate.how')}</p>`;
    const options = this.kept.map(({ thumbprint, holder }) => /** @type {[string, string]} */ ([thumbprint, holder]));
    return html`
      <p>${t('sign_in.certificate.kept')}</p>
      ${choice({
        name: 'certificate',
        label: t('sign_in.certificate.whose'),
        value: this.#key?.thumbprint ?? '',
        options,
        change: (thumbprint) => (this.thumbprint = thumbprint),
      })}
    `;
  }

  /** @param {Means} means */
  #tab(means) {
    return html`
      <button
        type="button"
        role="tab"
        id="tab-${means}"
        aria-controls="panel"
        aria-selected=${this.means === means}
        @click=${() => (this.means = means)}
      >
        ${t(`sign_in.${means}`)}
      </button>
    `;
  }

  /**
   * @param {Name} name
   * @param {Partial<import('../../parts/field.js').Field>} more
   */
  #field(name, more) {
    const between = name === 'cap' ? /[\s\-.]/g : /\s/g;
    const input = (/** @type {string} */ value) => (this.typed = { ...this.typed, [name]: value.replace(between, '') });
    return field({ name, label: t(name === 'cap' ? 'sign_in.cap.label' : `sign_in.${name}`), value: this.typed[name], input, mode: 'numeric', ...more });
  }
}

customElements.define('ct-sign-in', SignIn);
