// Asking for an act: a button that opens its few fields; sent, it is held until a colleague countersigns it.

import { LitElement, html } from 'lit';
import { choice } from '../../parts/choice.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/**
 * What must be said besides whom it is about: names and, for each, what may be chosen.
 * @typedef {Readonly<Record<string, readonly string[]>>} Choices
 */

export class AskForAct extends LitElement {
  static styles = [sheet];
  static properties = {
    kind: { attribute: false },
    about: { attribute: false },
    choices: { attribute: false },
    isOpen: { state: true },
    chosen: { state: true },
    sending: { state: true },
    held: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {'card_order' | 'card_replacement' | 'card_unlock'} */
    this.kind = 'card_order';
    /** Client, user and the like: sent as they are. @type {Record<string, string>} */
    this.about = {};
    /** @type {Choices} */
    this.choices = {};
    this.isOpen = false;
    /** @type {Record<string, string>} */
    this.chosen = {};
    this.key = crypto.randomUUID();
    this.sending = false;
    /** The act, once it is held. @type {string | null} */
    this.held = null;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    const first = Object.entries(this.choices).map(([name, [value]]) => [name, value]);
    const payload = { ...this.about, ...Object.fromEntries(first), ...this.chosen };
    try {
      const { id } = /** @type {Action} */ (await api.post('/v1/actions', { kind: this.kind, payload }, { key: this.key }));
      this.held = id;
      this.isOpen = false;
    } catch (error) {
      this.problem = said(error);
      this.key = crypto.randomUUID();
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (this.held !== null) {
      return notice('good', html`${t('ask.held')} <a href="/desk/acts/${this.held}">${t('ask.see')}</a>`);
    }
    if (!this.isOpen) return html`<button @click=${() => (this.isOpen = true)}>${t(`ask.${this.kind}`)}</button>`;
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h3>${t(`ask.${this.kind}`)}</h3>
        <p class="soft">${t('ask.how')}</p>
        ${notice('bad', this.problem)}
        ${Object.entries(this.choices).map(([name, values]) =>
          choice({
            name,
            label: t(/** @type {any} */ (`choice.${name}`)),
            value: this.chosen[name] ?? values[0] ?? '',
            options: values.map((value) => /** @type {const} */ ([value, t(/** @type {any} */ (`choice.${name}.${value}`))])),
            change: (value) => (this.chosen = { ...this.chosen, [name]: value }),
          }),
        )}
        <div class="row">
          <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('ask.send')}</button>
          <button type="button" class="plain" @click=${() => (this.isOpen = false)}>${t('back')}</button>
        </div>
      </form>
    `;
  }
}

customElements.define('ct-ask', AskForAct);
