// "It was not me", said of what this person is told to have signed: asked once more, then told to the adviser.

import { LitElement, html } from 'lit';
import { notice } from '../../parts/notice.js';
import { sheet } from '../../parts/sheet.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

export class Disavowal extends LitElement {
  static styles = [sheet];
  static properties = {
    challenge: { attribute: false },
    step: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.challenge = '';
    /** @type {'offered' | 'asked' | 'told'} */
    this.step = 'offered';
    this.sending = false;
    this.problem = '';
  }

  async #send() {
    if (this.sending) return;
    this.sending = true;
    try {
      await api.post(`/v1/challenges/${this.challenge}/disavowal`);
      this.step = 'told';
    } catch (error) {
      this.problem = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    if (this.step === 'told') return notice('good', t('disavow.told'));
    if (this.step === 'offered') {
      return html`<button class="danger" @click=${() => (this.step = 'asked')}>${t('disavow')}</button>`;
    }
    return html`
      <div class="card stack">
        ${notice('warn', t('disavow.warning'))} ${notice('bad', this.problem)}
        <div class="row">
          <button class="danger main" ?disabled=${this.sending} @click=${this.#send}>${t('disavow.send')}</button>
          <button class="plain" @click=${() => (this.step = 'offered')}>${t('back')}</button>
        </div>
      </div>
    `;
  }
}

customElements.define('ct-disavowal', Disavowal);
