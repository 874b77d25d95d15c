// The form that asks for a change of rights: whose, what they start and sign, on which accounts, up to how much, how long.
//
// It begins with what the person has, since what is asked for replaces all of it; the bank's statement shows both.

import { css, html, nothing } from 'lit';
import { Form } from '../chat/form.js';
import { said } from '../chat/saying.js';
import { choice } from '../parts/choice.js';
import { field } from '../parts/field.js';
import { groupedIban } from '../shared/format.js';
import { amount, ceilingsOf, limit } from './ceilings.js';
import { accounts, options, people } from './company.js';
import { t } from './words.js';

/** @typedef {import('./company.js').User} User */
/** @typedef {import('./company.js').Account} Account */

const FUNCTIONS = /** @type {const} */ (['remittance', 'collection', 'beneficiary', 'chequebook', 'substitute', 'entitlement']);
const LIMITED = /** @type {const} */ (['remittance', 'collection']); // those that move money

export class Entitling extends Form {
  static properties = {
    ...Form.properties,
    people: { state: true },
    accounts: { state: true },
    ticked: { state: true },
  };
  static styles = [
    Form.styles,
    css`
      fieldset {
        border: 1px solid var(--line);
        border-radius: 10px;
        margin: 0;
        min-width: 0;
        padding: 8px 12px;
        display: grid;
        gap: 4px;
        grid-template-columns: minmax(0, 1fr);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly User[]} */
    this.people = [];
    /** @type {readonly Account[]} */
    this.accounts = [];
    /** What is ticked: `signs.remittance`, `account.FR76…`. @type {ReadonlySet<string>} */
    this.ticked = new Set();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    if (this.api === undefined) return;
    try {
      [this.people, this.accounts] = await Promise.all([people(this.api), accounts(this.api)]);
    } catch (error) {
      this.refuse(said(error));
    }
  }

  /** Begin with what this person has. @param {string} number */
  #choose(number) {
    const has = this.people.find((each) => each.number === number)?.entitlement;
    this.refuse('');
    this.ticked = new Set([
      ...(has?.initiates ?? []).map((kind) => `initiates.${kind}`),
      ...(has?.signs ?? []).map((kind) => `signs.${kind}`),
      ...(has?.accounts?.map((iban) => `account.${iban}`) ?? ['accounts.all']),
    ]);
    this.values = { power: has?.power ?? '', from: has?.valid_from ?? '', until: has?.valid_until ?? '' };
    for (const each of has?.ceilings ?? []) {
      this.values[limit(each, 'per_remittance')] = amount(each.per_remittance, each.currency);
      this.values[limit(each, 'per_day')] = amount(each.per_day, each.currency);
    }
    this.set('user')(number);
  }

  /**
   * @override what is folded up is unfolded where it is wrong, and stays so while it is put right
   * @param {string} problem
   * @param {string} [field]
   */
  refuse(problem, field = '') {
    super.refuse(problem, field);
    const limits = this.renderRoot.querySelector('details');
    if (limits && field.startsWith('limit')) limits.open = true;
  }

  /** @param {string} prefix */
  #kinds(prefix) {
    return FUNCTIONS.filter((kind) => this.ticked.has(`${prefix}.${kind}`));
  }

  get #isAll() {
    return this.ticked.has('accounts.all');
  }

  get #chosen() {
    return this.#isAll ? this.accounts : this.accounts.filter(({ iban }) => this.ticked.has(`account.${iban}`));
  }

  /** The kinds and accounts that may have a ceiling. */
  get #limited() {
    const kinds = LIMITED.filter((kind) => this.ticked.has(`signs.${kind}`));
    return kinds.flatMap((kind) => this.#chosen.map((account) => ({ kind, account: account.iban, currency: account.currency })));
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    event.preventDefault();
    const { user = '', power = '', from = '', until = '' } = this.values;
    const { ceilings, wrong } = ceilingsOf(this.#limited, this.values);
    if (user === '') return this.refuse(t('whose.missing'), 'user');
    if (this.#kinds('signs').length > 0 && power === '') return this.refuse(t('power.missing'), 'power');
    if (wrong !== undefined) return this.refuse(t('limit.wrong'), wrong);
    if (until !== '' && until < from) return this.refuse(t('reversed'), 'until');
    void this.ask('entitlement', {
      change: 'grant',
      user,
      initiates: this.#kinds('initiates'),
      signs: this.#kinds('signs'),
      power: power || null,
      accounts: this.#isAll ? null : this.#chosen.map(({ iban }) => iban),
      ceilings,
      from: from || null,
      until: until || null,
    });
  }

  /** @override */
  render() {
    const { user = '' } = this.values;
    return html`
      <form class="card stack" @submit=${this.#send}>
        <h2>${t('entitle')}</h2>
        ${choice({
          name: 'user',
          label: t('whose'),
          value: user,
          options: options(this.people, t('choose')),
          change: (number) => this.#choose(number),
          error: this.error('user'),
        })}
        ${user === '' ? nothing : this.#rights()} ${this.foot()}
      </form>
    `;
  }

  #rights() {
    return html`
      ${this.#functions('initiates')} ${this.#functions('signs')}
      ${choice({
        name: 'power',
        label: t('power'),
        value: this.values.power ?? '',
        options: [['', t('power.none')], ['A', 'A'], ['B', 'B']],
        change: this.set('power'),
        error: this.error('power'),
      })}
      <fieldset>
        <legend>${t('accounts')}</legend>
        ${this.#tick('accounts.all', t('accounts.all'))}
        ${this.#isAll ? nothing : this.accounts.map(({ iban, label }) => this.#tick(`account.${iban}`, html`<bdi>${label}</bdi> ${groupedIban(iban)}`))}
      </fieldset>
      ${this.#limits()} ${this.#day('from')} ${this.#day('until')}
    `;
  }

  /** @param {'initiates' | 'signs'} name */
  #functions(name) {
    return html`
      <fieldset>
        <legend>${t(name)}</legend>
        ${FUNCTIONS.map((kind) => this.#tick(`${name}.${kind}`, t(`kind.${kind}`)))}
      </fieldset>
    `;
  }

  /**
   * @param {string} name
   * @param {unknown} label
   */
  #tick(name, label) {
    const turn = () => {
      const ticked = new Set(this.ticked);
      if (!ticked.delete(name)) ticked.add(name);
      this.ticked = ticked;
      this.key = crypto.randomUUID();
    };
    return html`<label class="tick"
      ><input type="checkbox" name=${name} .checked=${this.ticked.has(name)} @change=${turn} /><span>${label}</span></label
    >`;
  }

  #limits() {
    const limited = this.#limited;
    if (limited.length === 0) return nothing;
    return html`
      <details>
        <summary>${t('limits')}</summary>
        <div class="stack">
          ${limited.map(
            (each) => html`
              <fieldset>
                <legend>${t(`kind.${each.kind}`)} · ${groupedIban(each.account)}</legend>
                ${this.#limit(each, 'per_remittance')} ${this.#limit(each, 'per_day')}
              </fieldset>
            `,
          )}
        </div>
      </details>
    `;
  }

  /**
   * @param {import('./ceilings.js').Limited} limited
   * @param {'per_remittance' | 'per_day'} per
   */
  #limit(limited, per) {
    const name = limit(limited, per);
    return field({
      name,
      label: t(per, { currency: limited.currency }),
      value: this.values[name] ?? '',
      input: this.set(name),
      required: false,
      most: 16,
      error: this.error(name),
    });
  }

  /** @param {'from' | 'until'} name */
  #day(name) {
    return field({
      name,
      label: t(`right.${name}`),
      value: this.values[name] ?? '',
      input: this.set(name),
      type: 'date',
      required: false,
      error: this.error(name),
    });
  }
}

customElements.define('ct-entitling', Entitling);
