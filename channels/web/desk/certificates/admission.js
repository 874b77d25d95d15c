// A certificate pasted for one person: judged in words, and where it is right to, its admission asked for.

import { LitElement, css, html, nothing } from 'lit';
import { longField, longFieldSheet } from '../../parts/long_field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { Problem } from '../../shared/api.js';
import { date } from '../../shared/format.js';
import { language } from '../../shared/language.js';
import { spaced } from '../../shared/spacing.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t as common } from '../words.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.CheckContent} Check */
/** @typedef {import('../../wire.js').Http.ActionContent} Action */

const LONGEST = 32_768;
/**
 * Whether colleagues may let a certificate pass in spite of it: another name, or nobody who says now if it is revoked,
 * which is asked again when its key signs.
 * @param {{ code: string }} reason
 */
const passes = ({ code }) => code === 'other_person' || code.startsWith('revocation_');

export class CertificateAdmission extends LitElement {
  static styles = [
    sheet,
    longFieldSheet,
    css`
      dl {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      @media (min-width: 700px) {
        dl {
          grid-template-columns: max-content minmax(0, 1fr);
          gap: 8px 24px;
        }
      }
      ul {
        margin: 8px 0 0;
        padding-inline-start: 1.25rem;
      }
    `,
  ];
  static properties = {
    client: { attribute: false },
    user: { attribute: false },
    pasted: { state: true },
    check: { state: true },
    held: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.client = '';
    this.user = '';
    this.pasted = '';
    /** What the bank says of what was pasted. @type {Check | null} */
    this.check = null;
    /** The act, once it is held. @type {string | null} */
    this.held = null;
    this.sending = false;
    this.problem = '';
    this.key = crypto.randomUUID();
  }

  /** @param {string} pasted */
  #paste(pasted) {
    this.pasted = pasted;
    this.check = null;
    this.key = crypto.randomUUID();
  }

  /** @param {SubmitEvent} event */
  #judge(event) {
    event.preventDefault();
    void this.#do(async () => {
      const { pasted: certificate, client, user } = this;
      this.check = /** @type {Check} */ (await api.post('/v1/certificates/checks', { certificate, client, user }));
    });
  }

  #ask() {
    void this.#do(async () => {
      const payload = { client: this.client, user: this.user, certificate: this.pasted };
      const asked = { kind: 'certificate_admission', payload };
      const { id } = /** @type {Action} */ (await api.post('/v1/actions', asked, { key: this.key }));
      this.held = id;
    });
  }

  /** @param {() => Promise<void>} work one thing at a time */
  async #do(work) {
    if (this.sending) return;
    this.sending = true;
    this.problem = '';
    try {
      await work();
    } catch (error) {
      this.problem = said(error);
      if (error instanceof Problem) this.key = crypto.randomUUID(); // unreachable: it may be held already
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (this.held !== null) {
      return notice('good', html`${common('ask.held')} <a href="/desk/acts/${this.held}">${common('ask.see')}</a>`);
    }
    return html`
      <form class="card stack" @submit=${this.#judge}>
        <h3>${t('admission')}</h3>
        <p class="soft">${t('admission.how')}</p>
        ${longField({
          name: 'certificate',
          label: t('admission.certificate'),
          hint: t('admission.certificate.hint'),
          value: this.pasted,
          most: LONGEST,
          input: (pasted) => this.#paste(pasted),
        })}
        ${notice('bad', this.problem)}
        <div class="row">
          <button class=${this.check === null ? 'main' : ''} ?disabled=${this.sending}>
            ${this.sending ? common('sending') : t('admission.check')}
          </button>
        </div>
        ${this.check === null ? nothing : this.#judged(this.check)}
      </form>
    `;
  }

  /** @param {Check} check */
  #judged(check) {
    const { accepted, words, reasons } = check;
    return html`
      ${notice(
        accepted ? 'good' : 'warn',
        html`${spaced(words[language])}
          ${reasons.length === 0 ? nothing : html`<ul>${reasons.map((reason) => html`<li>${spaced(reason.words[language])}</li>`)}</ul>`}`,
      )}
      ${this.#told(check)} ${this.#next(check)}
    `;
  }

  /** @param {Check} check */
  #told({ holder, authority, level, uses, not_before, not_after }) {
    if (holder === null) return nothing;
    const lines = /** @type {const} */ ([
      ['holder', `${holder.given_name} ${holder.surname}`],
      ['number', holder.serial_number],
      ['siren', holder.siren],
      ['authority', authority],
      ['level', level === null ? null : `RGS ${level}`],
      ['uses', uses.map((use) => t(`authority.use.${use}`)).join(' · ')],
      ['dates', not_before === null || not_after === null ? null : `${date(not_before)} – ${date(not_after)}`],
    ]);
    return html`
      <dl>
        ${lines.map(([label, value]) =>
          value ? html`<dt class="soft">${t(`admission.${label}`)}</dt><dd><bdi>${value}</bdi></dd>` : nothing,
        )}
      </dl>
    `;
  }

  /** @param {Check} check */
  #next({ reasons }) {
    if (!reasons.every(passes)) return html`<p>${t('admission.never')}</p>`;
    return html`
      <p>${reasons.length === 0 ? t('admission.ready') : t('admission.doubt')}</p>
      <div class="row">
        <button type="button" class="main" ?disabled=${this.sending} @click=${this.#ask}>${t('admission.ask')}</button>
      </div>
    `;
  }
}

customElements.define('ct-certificate-admission', CertificateAdmission);
