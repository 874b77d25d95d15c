// An authority's entry: accepted anew, or changed; asked for by a supervisor, held until a colleague countersigns it.

import { css, html, nothing } from 'lit';
import { choice } from '../../parts/choice.js';
import { field } from '../../parts/field.js';
import { longField, longFieldSheet } from '../../parts/long_field.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { tick, tickSheet } from '../../parts/tick.js';
import { Problem } from '../../shared/api.js';
import { api, router } from '../here.js';
import { said } from '../saying.js';
import { t as common } from '../words.js';
import { EMPTY, actOf, entryOf } from './entry.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.AuthoritiesContent} Authorities */
/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {import('./entry.js').Entry} Entry */

const NEW = 'new'; // in the place of an id
const USES = /** @type {const} */ (['sign_in', 'approval']);
const LEVELS = /** @type {const} */ (['*', '**', '***']);
const SOURCES = /** @type {const} */ (['organization_identifier', 'organizational_unit']);
const MOST_POLICIES = 20; // as the bank takes them
const WRONG_POLICIES = new Set(['policies', 'policy']); // the list, or a text in it
const LONGEST_CERTIFICATE = 32_768;

export class AuthorityScreen extends Screen {
  static properties = {
    ...Screen.properties,
    entry: { state: true },
    sending: { state: true },
    wrong: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    tickSheet,
    longFieldSheet,
    css`
      form {
        max-width: 48rem;
      }
      .policy {
        display: grid;
        gap: 8px 12px;
        align-items: start;
      }
      .policy button {
        align-self: end;
        margin-bottom: 4px;
      }
      @media (min-width: 700px) {
        .policy {
          grid-template-columns: minmax(0, 1fr) 8rem auto;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** What is typed, once it is known what there is. @type {Entry | null} */
    this.entry = null;
    this.sending = false;
    /** The field the bank cannot take as it is. @type {string | null} */
    this.wrong = null;
    this.problem = '';
    this.key = crypto.randomUUID();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      this.entry = this.#id === null ? EMPTY : await found(this.#id);
    } catch (error) {
      this.problem = said(error);
    }
    await this.begin();
  }

  /** The authority's id; null: it is accepted anew. */
  get #id() {
    return this.parts.id === NEW ? null : (this.parts.id ?? null);
  }

  /**
   * @param {SubmitEvent} event
   * @param {Entry} entry
   */
  async #send(event, entry) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    this.wrong = null;
    try {
      const { id } = /** @type {Action} */ (await api.post('/v1/actions', actOf(entry, this.#id), { key: this.key }));
      router.go(`/desk/acts/${id}`);
    } catch (error) {
      this.#refused(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    this.problem = said(error);
    if (!(error instanceof Problem)) return; // unreachable: it may be held already
    this.key = crypto.randomUUID();
    this.wrong = error.content.field ?? null;
    if (this.wrong !== null) this.problem = t('authority.wrong');
  }

  /** @param {Partial<Entry>} typed */
  #type(typed) {
    if (this.entry !== null) this.entry = { ...this.entry, ...typed };
    this.wrong = null;
    this.problem = '';
  }

  /** @override */
  render() {
    const { entry } = this;
    return html`
      <div class="stack">
        <p><a href="/desk/authorities">${t('authority.back')}</a></p>
        <h1>${this.#id === null ? t('authority.new') : t('authority.change')}</h1>
        ${entry === null
          ? this.problem
            ? notice('bad', this.problem)
            : html`<p class="soft">${common('loading')}</p>`
          : this.#form(entry)}
      </div>
    `;
  }

  /** @param {Entry} entry */
  #form(entry) {
    return html`
      <form class="card stack" @submit=${(/** @type {SubmitEvent} */ event) => this.#send(event, entry)}>
        <p class="soft">${common('ask.how')}</p>
        ${this.#text('name', 70, true)} ${this.#id === null ? this.#certificate(entry) : nothing}
        <fieldset class="stack">
          <legend>${t('authority.policies')}</legend>
          <p class="soft small">${t('authority.policies.hint')}</p>
          ${WRONG_POLICIES.has(this.wrong ?? '') ? html`<p class="error">${t('authority.policies.wrong')}</p>` : nothing}
          ${entry.policies.map((each, at) => this.#policy(entry, each, at))} ${this.#further(entry)}
        </fieldset>
        <fieldset>
          <legend>${t('authority.uses')}</legend>
          ${USES.map((use) => this.#use(entry, use))}
          ${this.wrong === 'uses' ? html`<p class="error">${t('authority.uses.wrong')}</p>` : nothing}
          ${tick({
            name: 'both_uses',
            label: t('authority.both_uses'),
            checked: entry.both_uses,
            change: (both_uses) => this.#type({ both_uses }),
          })}
        </fieldset>
        ${choice({
          name: 'company_from',
          label: t('authority.company_from'),
          value: entry.company_from,
          options: SOURCES.map((source) => /** @type {const} */ ([source, t(`authority.company_from.${source}`)])),
          change: (chosen) => this.#type({ company_from: /** @type {Entry['company_from']} */ (chosen) }),
        })}
        <fieldset class="stack">
          <legend>${t('authority.revocation')}</legend>
          ${this.#text('ocsp_url', 300, false)}
          ${tick({
            name: 'nonce',
            label: t('authority.nonce'),
            checked: entry.nonce,
            change: (nonce) => this.#type({ nonce }),
          })}
          ${this.#text('crl_url', 300, false)}
        </fieldset>
        ${notice('bad', this.problem)}
        <div class="row">
          <button class="main" ?disabled=${this.sending}>${this.sending ? common('sending') : common('ask.send')}</button>
          <a class="button" href="/desk/authorities">${common('back')}</a>
        </div>
      </form>
    `;
  }

  /**
   * @param {'name' | 'ocsp_url' | 'crl_url'} name
   * @param {number} most
   * @param {boolean} required
   */
  #text(name, most, required) {
    return field({
      name,
      label: t(`authority.${name}`),
      hint: t(`authority.${name}.hint`),
      value: this.entry?.[name] ?? '',
      input: (typed) => this.#type({ [name]: typed }),
      error: this.wrong === name || (name === 'ocsp_url' && this.wrong === 'nonce') ? t(`authority.${name}.wrong`) : undefined,
      most,
      required,
    });
  }

  /** @param {Entry} entry */
  #certificate({ certificate }) {
    return longField({
      name: 'certificate',
      label: t('authority.certificate'),
      hint: t('authority.certificate.hint'),
      value: certificate,
      most: LONGEST_CERTIFICATE,
      input: (pasted) => this.#type({ certificate: pasted }),
      error: this.wrong === 'certificate' ? t('authority.certificate.wrong') : undefined,
    });
  }

  /**
   * @param {Entry} entry
   * @param {Entry['policies'][number]} policy
   * @param {number} at
   */
  #policy({ policies }, policy, at) {
    const put = (/** @type {Partial<Entry['policies'][number]>} */ typed) =>
      this.#type({ policies: policies.map((each, n) => (n === at ? { ...each, ...typed } : each)) });
    const drop = () => this.#type({ policies: policies.filter((_, n) => n !== at) });
    return html`
      <div class="policy">
        ${field({
          name: `policy-${at}`,
          label: t('authority.policy'),
          value: policy.policy,
          input: (typed) => put({ policy: typed }),
          most: 200,
        })}
        ${choice({
          name: `level-${at}`,
          label: t('authority.level'),
          value: policy.level,
          options: LEVELS.map((level) => /** @type {const} */ ([level, `RGS ${level}`])),
          change: (level) => put({ level: /** @type {Entry['policies'][number]['level']} */ (level) }),
        })}
        ${policies.length === 1
          ? nothing
          : html`<button type="button" @click=${drop} aria-label=${t('authority.policy.drop', { policy: policy.policy })}>
              ${t('authority.drop')}
            </button>`}
      </div>
    `;
  }

  /** @param {Entry} entry */
  #further({ policies }) {
    if (policies.length === MOST_POLICIES) return nothing;
    const add = () => this.#type({ policies: [...policies, { policy: '', level: /** @type {const} */ ('**') }] });
    return html`<div><button type="button" @click=${add}>${t('authority.policy.add')}</button></div>`;
  }

  /**
   * @param {Entry} entry
   * @param {(typeof USES)[number]} use
   */
  #use({ uses }, use) {
    return tick({
      name: use,
      label: t(`authority.use.${use}`),
      checked: uses.includes(use),
      change: (checked) => this.#type({ uses: checked ? [...uses, use] : uses.filter((each) => each !== use) }),
    });
  }
}

/**
 * @param {string} id
 * @returns {Promise<Entry>}
 */
async function found(id) {
  const { items } = /** @type {Authorities} */ (await api.get('/v1/authorities'));
  const kept = items.find((each) => each.id === id && each.withdrawn === null);
  if (kept === undefined) throw new Problem({ type: '', title: '', status: 404, detail: '', code: 'not_found' });
  return entryOf(kept);
}

customElements.define('ct-authority', AuthorityScreen);
