// What every small form that starts a sensitive action has in common: sent once, refused at the field, left again.
//
// Fires `started` (detail: the action's id) once the bank holds it, and `left` when the person thinks better of it.

import { LitElement, html, nothing } from 'lit';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { Problem } from '../shared/api.js';
import { opened, Refused } from './opened.js';
import { said } from './saying.js';
import { t } from './words.js';

export class Form extends LitElement {
  static properties = {
    api: { attribute: false },
    values: { state: true },
    isSending: { state: true },
    problem: { state: true },
    wrong: { state: true },
  };
  /** @type {import('lit').CSSResultGroup} */
  static styles = sheet;

  constructor() {
    super();
    /** @type {import('../shared/api.js').Api | undefined} */
    this.api = undefined;
    /** @type {Record<string, string>} */
    this.values = {};
    this.isSending = false;
    this.problem = '';
    /** The field the problem is said at. */
    this.wrong = '';
    /** The same request while nobody knows whether it arrived. */
    this.key = crypto.randomUUID();
    this.waiting = new AbortController();
  }

  /** @override */
  disconnectedCallback() {
    this.waiting.abort();
    super.disconnectedCallback();
  }

  /** @param {string} name */
  set(name) {
    return (/** @type {string} */ value) => {
      this.values = { ...this.values, [name]: value };
      this.key = crypto.randomUUID();
      if (this.wrong === name) this.refuse('');
    };
  }

  /**
   * @param {string} problem
   * @param {string} [field]
   */
  refuse(problem, field = '') {
    this.problem = problem;
    this.wrong = field;
    if (problem !== '') void this.updateComplete.then(() => this.#focus(field));
  }

  /** @param {string} field where there is such a field, the person is led to it */
  #focus(field) {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(`[name="${CSS.escape(field)}"]`))?.focus();
  }

  /** What is said at this field, where it is the wrong one. @param {string} name */
  error(name) {
    return this.wrong === name && this.problem !== '' ? this.problem : undefined;
  }

  /**
   * @param {string} kind
   * @param {object} payload
   */
  async ask(kind, payload) {
    if (this.isSending || this.api === undefined) return;
    this.isSending = true;
    this.refuse('');
    try {
      const held = await this.api.post('/v1/actions', { kind, payload }, { key: this.key });
      const [action] = await opened(this.api, /** @type {any} */ (held), this.waiting.signal);
      if (action !== undefined) this.dispatchEvent(new CustomEvent('started', { detail: action }));
    } catch (error) {
      this.refuse(refusal(error), error instanceof Problem ? (error.content.field ?? '') : '');
      if (error instanceof Problem) this.key = crypto.randomUUID();
    } finally {
      this.isSending = false;
    }
  }

  /** Bring the person to what is to be filled in: it has just been opened somewhere on a long page. */
  begin() {
    this.scrollIntoView();
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('input, select'))?.focus();
  }

  leave() {
    this.dispatchEvent(new Event('left'));
  }

  /** What stands under the fields. */
  foot() {
    const isAtField = this.wrong !== '' && this.renderRoot.querySelector(`[name="${CSS.escape(this.wrong)}"]`) !== null;
    return html`
      ${isAtField ? nothing : notice('bad', this.problem)}
      <div class="row">
        <button class="main" ?disabled=${this.isSending}>${this.isSending ? t('start.sending') : t('start.send')}</button>
        <button type="button" class="plain" @click=${this.leave}>${t('start.leave')}</button>
      </div>
      <p class="soft small">${t('start.what')}</p>
    `;
  }
}

const WRONG = /** @type {const} */ ([
  'iban_wrong',
  'iban_length',
  'bic_wrong',
  'bic_other_country',
  'beneficiary_known',
  'account_unknown',
  'account_not_held',
  'text_code',
  'text_control',
  'text_direction',
  'name_homograph',
  'not_entitled',
  'self_granting',
  'period_reversed',
  'person_not_here',
  'substitute_powerless',
  'substitute_loop',
  'substitute_taken',
  'nobody_can_sign',
  'policy_missing',
]);

/** Why it was not started. @param {unknown} error */
export function refusal(error) {
  const code = error instanceof Problem ? error.code : error instanceof Refused ? error.message : '';
  const known = WRONG.find((each) => each === code);
  return known === undefined ? said(error instanceof Refused ? new Error() : error) : t(`start.problem.${known}`);
}
