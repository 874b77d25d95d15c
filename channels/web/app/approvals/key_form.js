// Signing with a certificate's key this browser keeps: possession alone, so the confidential code goes with it (RULES 15).

import { html, nothing } from 'lit';
import { field } from '../../parts/field.js';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { kept, signed } from '../../shared/certificate_key.js';
import { api } from '../here.js';
import { t } from '../words.js';
import { AnswerForm } from './answer_form.js';

/** @typedef {import('../../wire.js').Http.HeldCertificatesContent} Held */

export class KeyForm extends AnswerForm {
  static styles = sheet;
  static properties = { ...AnswerForm.properties, own: { state: true }, canImport: { state: true } };

  constructor() {
    super();
    this.refused = /** @type {const} */ ('key.refused');
    this.canImport = false;
    /** @type {import('../../shared/certificate_key.js').Kept | undefined} */
    this.own = undefined;
  }

  /** @override */
  async connectedCallback() {
    super.connectedCallback();
    try {
      const { certificates, keys_in_browsers } = /** @type {Held} */ (await api.get('/v1/certificates'));
      this.canImport = keys_in_browsers;
      for (const { status, in_browser, thumbprint } of keys_in_browsers ? certificates : []) {
        if (in_browser && status === 'active') this.own ??= await kept(thumbprint);
      }
    } catch {
      // whoever cannot be told of their certificates still signs elsewhere
    }
  }

  /** @override */
  async proof() {
    if (!this.own || !this.challenge?.envelope) return null;
    const jws = await signed(this.own, 'contreseing-approval+jws', this.challenge.envelope);
    return { method: 'certificate', jws, code: this.code };
  }

  /** @override */
  render() {
    if (!this.own) {
      return html`${this.challenge?.means.includes('cap') ? nothing : notice('plain', t('approval.certificate'))}
      ${this.canImport ? html`<p><a href="/certificate-file">${t('key.import')}</a></p>` : nothing}`;
    }
    return html`
      <form class="card stack" @submit=${this.send}>
        <h2>${t('key')}</h2>
        ${field({
          name: 'code',
          label: t('sign_in.code'),
          value: this.code,
          input: (code) => this.type(code),
          error: this.error || undefined,
          type: 'password',
          mode: 'numeric',
        })}
        <button class="main" ?disabled=${this.sending}>${this.sending ? t('code.sending') : t('code.send')}</button>
      </form>
    `;
  }
}

customElements.define('ct-key-form', KeyForm);
