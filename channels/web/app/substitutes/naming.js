// The form that asks for a substitute: who is away, who stands in, from which day to which.

import { LitElement, html } from 'lit';
import { choice } from '../../parts/choice.js';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { isoDay } from '../../shared/format.js';
import { stream } from '../here.js';
import { said } from '../saying.js';
import { open } from './opening.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.UserContent} User */
/** @typedef {'absent' | 'substitute' | 'from' | 'until'} Name */

export class Naming extends LitElement {
  static styles = [sheet];
  static properties = {
    people: { attribute: false },
    typed: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly User[]} those with a signing power */
    this.people = [];
    const today = isoDay(stream.now());
    /** @type {Record<Name, string>} */
    this.typed = { absent: '', substitute: '', from: today, until: today };
    this.key = crypto.randomUUID();
    this.sending = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    this.problem = this.#wrong();
    if (this.sending || this.problem) return;
    this.sending = true;
    try {
      await open({ change: 'name', ...this.typed }, this.key);
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** What is wrong as it was typed; nothing where the bank may be asked. */
  #wrong() {
    const { absent, substitute, from, until } = this.typed;
    if (absent === '' || substitute === '' || absent === substitute) return t('same');
    return until < from ? t('reversed') : '';
  }

  /** @override */
  render() {
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h2>${t('name')}</h2>
        ${this.#person('absent')} ${this.#person('substitute')} ${this.#day('from')} ${this.#day('until')}
        ${notice('bad', this.problem)}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('sending') : t('send')}</button>
      </form>
    `;
  }

  /** @param {'absent' | 'substitute'} name */
  #person(name) {
    /** @type {[string, string][]} */
    const options = this.people.map((person) => [person.number, `${person.number} · ${person.name}`]);
    const change = (/** @type {string} */ value) => this.#type(name, value);
    return choice({ name, label: t(name), value: this.typed[name], options: [['', t('choose')], ...options], change });
  }

  /** @param {'from' | 'until'} name */
  #day(name) {
    return field({ name, label: t(name), value: this.typed[name], input: (day) => this.#type(name, day), type: 'date' });
  }

  /**
   * @param {Name} name
   * @param {string} value
   */
  #type(name, value) {
    this.typed = { ...this.typed, [name]: value };
    this.key = crypto.randomUUID();
  }
}

customElements.define('ct-naming', Naming);
