// The forms of a few fields: a beneficiary, a chequebook. What is then signed is the bank's own statement, never a form.

import { html } from 'lit';
import { choice } from '../parts/choice.js';
import { field } from '../parts/field.js';
import { Form } from './form.js';
import { t } from './words.js';

/** @typedef {{ name: string, most?: number, optional?: boolean, options?: readonly string[], number?: boolean }} Input */
/** @typedef {{ fixed: Record<string, string>, inputs: readonly Input[] }} Fields */

/** @type {Record<string, Fields>} what each kind asks, under the names of its payload */
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

export class Start extends Form {
  static properties = { ...Form.properties, kind: { attribute: false } };

  constructor() {
    super();
    this.kind = '';
  }

  /** @returns {Fields} */
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
  #send(event) {
    event.preventDefault();
    void this.ask(this.kind, this.#payload());
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h2>${t(/** @type {any} */ (`start.${this.kind}`))}</h2>
        ${this.#form.inputs.map((input) => this.#input(input))} ${this.foot()}
      </form>
    `;
  }

  /** @param {Input} input */
  #input(input) {
    const { name, options, most, optional, number } = input;
    const [label, value] = [t(/** @type {any} */ (`start.${this.kind}.${name}`)), this.#value(input)];
    if (options === undefined) {
      const error = this.error(name);
      return field({ name, label, value, error, input: this.set(name), most: most ?? 70, required: !optional });
    }
    const worded = options.map((key) => /** @type {const} */ ([key, number ? key : t(/** @type {any} */ (`start.${name}.${key}`))]));
    return choice({ name, label, value, options: worded, change: this.set(name) });
  }
}

customElements.define('ct-start', Start);
