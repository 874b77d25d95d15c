// Asking for an act: a button that opens its few fields; sent, it is held until a colleague countersigns it.

import { LitElement, css, html } from 'lit';
import { choice } from '../../parts/choice.js';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { Problem } from '../../shared/api.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {string | readonly [string, string]} Option a value; with its words where the catalogue has none */
/**
 * What may be chosen besides whom it is about: names and, for each, the options. The first is chosen at the beginning.
 * @typedef {Readonly<Record<string, readonly Option[]>>} Choices
 */
/** @typedef {Readonly<Record<string, number>>} Texts what is typed: names and, for each, the most characters */

export class AskForAct extends LitElement {
  static styles = [
    sheet,
    css`
      :host([open]) {
        flex-basis: 100%;
      }
      form {
        max-width: 40rem;
      }
    `,
  ];
  static properties = {
    kind: { attribute: false },
    how: { attribute: false },
    about: { attribute: false },
    texts: { attribute: false },
    choices: { attribute: false },
    isOpen: { type: Boolean, reflect: true, attribute: 'open' },
    said: { state: true },
    sending: { state: true },
    held: { state: true },
    wrong: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** The kind of act, as the wire names it: its words are `ask.` and this. */
    this.kind = 'card_order';
    /** What comes after the asking: by default that another adviser countersigns. */
    this.how = t('ask.how');
    /** Client, user and the like: sent as they are. @type {Record<string, string>} */
    this.about = {};
    /** @type {Texts} */
    this.texts = {};
    /** @type {Choices} */
    this.choices = {};
    this.isOpen = false;
    /** What was typed and chosen so far. @type {Record<string, string>} */
    this.said = {};
    this.key = crypto.randomUUID();
    this.sending = false;
    /** The act, once it is held. @type {string | null} */
    this.held = null;
    /** The field the bank cannot take as it is. @type {string | null} */
    this.wrong = null;
    this.problem = '';
  }

  /**
   * @param {string} name
   * @param {string} answer
   */
  #say(name, answer) {
    this.said = { ...this.said, [name]: answer };
    this.wrong = null;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    this.wrong = null;
    const first = Object.entries(this.choices).map(([name, [option]]) => [name, value(option)]);
    const payload = { ...this.about, ...Object.fromEntries(first), ...this.said };
    try {
      const { id } = /** @type {Action} */ (await api.post('/v1/actions', { kind: this.kind, payload }, { key: this.key }));
      this.held = id;
      this.isOpen = false;
    } catch (error) {
      this.#refused(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    const name = error instanceof Problem ? error.content.field : undefined;
    if (name && name in this.texts) this.wrong = name;
    else this.problem = said(error);
    if (error instanceof Problem) this.key = crypto.randomUUID(); // unreachable: it may be held already
  }

  /** @override */
  render() {
    if (this.held !== null) {
      return notice('good', html`${t('ask.held')} <a href="/desk/acts/${this.held}">${t('ask.see')}</a>`);
    }
    if (!this.isOpen) return html`<button @click=${() => (this.isOpen = true)}>${words(`ask.${this.kind}`)}</button>`;
    return html`
      <form class="card stack" @submit=${this.#send}>
        <strong>${words(`ask.${this.kind}`)}</strong>
        <p class="soft">${this.how}</p>
        ${notice('bad', this.problem)}
        ${Object.entries(this.texts).map(([name, most]) => this.#text(name, most))}
        ${Object.entries(this.choices).map(([name, options]) => this.#choice(name, options))}
        <div class="row">
          <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('ask.send')}</button>
          <button type="button" class="plain" @click=${() => (this.isOpen = false)}>${t('back')}</button>
        </div>
      </form>
    `;
  }

  /**
   * @param {string} name
   * @param {number} most
   */
  #text(name, most) {
    return field({
      name,
      label: words(`ask.${name}`),
      hint: words(`ask.${name}.hint`),
      error: this.wrong === name ? t('ask.wrong') : undefined,
      value: this.said[name] ?? '',
      input: (typed) => this.#say(name, typed),
      most,
    });
  }

  /**
   * @param {string} name
   * @param {readonly Option[]} options
   */
  #choice(name, options) {
    return choice({
      name,
      label: words(`choice.${name}`),
      value: this.said[name] ?? value(options[0]),
      options: options.map((option) =>
        typeof option === 'string' ? /** @type {const} */ ([option, words(`choice.${name}.${option}`)]) : option,
      ),
      change: (chosen) => this.#say(name, chosen),
    });
  }
}

/** @param {Option | undefined} option */
const value = (option) => (typeof option === 'string' ? option : (option?.[0] ?? ''));

/** @param {string} key composed: a missing one fails when it is shown */
const words = (key) => t(/** @type {any} */ (key));

customElements.define('ct-ask', AskForAct);
