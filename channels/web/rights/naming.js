// The form that asks for a substitute: who is away, who stands in, from which day to which.

import { html } from 'lit';
import { Form } from '../chat/form.js';
import { said } from '../chat/saying.js';
import { choice } from '../parts/choice.js';
import { field } from '../parts/field.js';
import { isoDay } from '../shared/format.js';
import { options, people } from './company.js';
import { t } from './words.js';

/** @typedef {'absent' | 'substitute' | 'from' | 'until'} Name */

export class Naming extends Form {
  static properties = { ...Form.properties, now: { attribute: false }, people: { state: true } };

  constructor() {
    super();
    /** The bank's clock. */
    this.now = Date.now;
    /** @type {readonly import('./company.js').User[]} those with a signing power */
    this.people = [];
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      const known = this.api === undefined ? [] : await people(this.api);
      this.people = known.filter(({ entitlement }) => entitlement.power !== null);
    } catch (error) {
      this.refuse(said(error));
    }
  }

  /** @param {Name} name */
  #value(name) {
    return this.values[name] ?? (name === 'from' || name === 'until' ? isoDay(this.now()) : '');
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    event.preventDefault();
    const [absent, substitute, from, until] = [this.#value('absent'), this.#value('substitute'), this.#value('from'), this.#value('until')];
    if (absent === '' || absent === substitute) return this.refuse(t('same'), 'absent');
    if (substitute === '') return this.refuse(t('same'), 'substitute');
    if (until < from) return this.refuse(t('reversed'), 'until');
    void this.ask('substitute', { change: 'name', absent, substitute, from, until });
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h2>${t('name')}</h2>
        ${this.#person('absent')} ${this.#person('substitute')} ${this.#day('from')} ${this.#day('until')} ${this.foot()}
      </form>
    `;
  }

  /** @param {'absent' | 'substitute'} name */
  #person(name) {
    return choice({
      name,
      label: t(name),
      value: this.#value(name),
      options: options(this.people, t('choose')),
      change: this.set(name),
      error: this.error(name),
    });
  }

  /** @param {'from' | 'until'} name */
  #day(name) {
    return field({ name, label: t(name), value: this.#value(name), input: this.set(name), type: 'date', error: this.error(name) });
  }
}

customElements.define('ct-naming', Naming);
