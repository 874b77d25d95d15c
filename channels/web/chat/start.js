// A small form that starts a sensitive action: what is then signed is the bank's own statement, never this form.
//
// Fires `started` (detail: the action's id) once the bank holds it, and `left` when the person thinks better of it.

import { LitElement, html } from 'lit';
import { choice } from '../parts/choice.js';
import { field } from '../parts/field.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { Problem } from '../shared/api.js';
import { opened, Refused } from './opened.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @typedef {{ name: string, most?: number, optional?: boolean, options?: readonly string[], number?: boolean }} Input */
/** @typedef {{ fixed: Record<string, string>, inputs: readonly Input[] }} Form */

/** @type {Record<string, Form>} what each kind asks, under the names of its payload */
const FORMS = {
  beneficiary: {
    fixed: { change: 'add' },
    inputs: [{ name: 'name', most: 70 }, { name: 'iban', most: 42 }, { name: 'bic', most: 11, optional: true }],
  },
  chequebook: {
    fixed: {},
    inputs: [
      { name: 'account', most: 42 },
      { name: 'book', options: ['wallet', 'desk'] },
      { name: 'number', options: ['1', '2', '3', '4', '5'], number: true },
      { name: 'delivery', options: ['branch', 'registered_post'] },
    ],
  },
};

export class Start extends LitElement {
  static properties = {
    api: { attribute: false },
    kind: { attribute: false },
    values: { state: true },
    isSending: { state: true },
    problem: { state: true },
  };
  static styles = sheet;

  constructor() {
    super();
    /** @type {import('../shared/api.js').Api | undefined} */
    this.api = undefined;
    this.kind = '';
    /** @type {Record<string, string>} */
    this.values = {};
    this.isSending = false;
    this.problem = '';
    /** The same request while nobody knows whether it arrived. */
    this.key = crypto.randomUUID();
    this.waiting = new AbortController();
  }

  /** @override */
  disconnectedCallback() {
    this.waiting.abort();
    super.disconnectedCallback();
  }

  /** @returns {Form} */
  get #form() {
    return FORMS[this.kind] ?? { fixed: {}, inputs: [] };
  }

  /** @param {Input} input */
  #value({ name, options }) {
    return this.values[name] ?? options?.[0] ?? '';
  }

  #payload() {
    const filled = this.#form.inputs.filter((input) => this.#value(input).trim() !== '');
    const typed = filled.map((input) => [input.name, input.number ? Number(this.#value(input)) : this.#value(input).trim()]);
    return { ...this.#form.fixed, ...Object.fromEntries(typed) };
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.isSending || this.api === undefined) return;
    this.isSending = true;
    this.problem = '';
    try {
      const held = await this.api.post('/v1/actions', { kind: this.kind, payload: this.#payload() }, { key: this.key });
      const [action] = await opened(this.api, /** @type {any} */ (held), this.waiting.signal);
      if (action !== undefined) this.dispatchEvent(new CustomEvent('started', { detail: action }));
    } catch (error) {
      this.problem = refusal(error);
      if (error instanceof Problem) this.key = crypto.randomUUID();
    } finally {
      this.isSending = false;
    }
  }

  /** @param {string} name */
  #set(name) {
    return (/** @type {string} */ value) => (this.values = { ...this.values, [name]: value });
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h2>${t(/** @type {any} */ (`start.${this.kind}`))}</h2>
        ${this.#form.inputs.map((input) => this.#input(input))} ${notice('bad', this.problem)}
        <div class="row">
          <button class="main" ?disabled=${this.isSending}>${this.isSending ? t('start.sending') : t('start.send')}</button>
          <button type="button" class="plain" @click=${() => this.dispatchEvent(new Event('left'))}>${t('start.leave')}</button>
        </div>
        <p class="soft small">${t('start.what')}</p>
      </form>
    `;
  }

  /** @param {Input} input */
  #input(input) {
    const { name, options, most, optional, number } = input;
    const [label, value] = [t(/** @type {any} */ (`start.${this.kind}.${name}`)), this.#value(input)];
    if (options === undefined) {
      return field({ name, label, value, input: this.#set(name), most: most ?? 70, required: !optional });
    }
    const worded = options.map((key) => /** @type {const} */ ([key, number ? key : t(/** @type {any} */ (`start.${name}.${key}`))]));
    return choice({ name, label, value, options: worded, change: this.#set(name) });
  }
}

const WRONG = /** @type {const} */ ([
  'iban_wrong',
  'iban_length',
  'bic_wrong',
  'bic_other_country',
  'beneficiary_known',
  'account_unknown',
  'not_entitled',
  'nobody_can_sign',
  'policy_missing',
]);

/** @param {unknown} error */
function refusal(error) {
  const code = error instanceof Problem ? error.code : error instanceof Refused ? error.message : '';
  const known = WRONG.find((each) => each === code);
  return known === undefined ? said(error instanceof Refused ? new Error() : error) : t(`start.problem.${known}`);
}

customElements.define('ct-start', Start);
