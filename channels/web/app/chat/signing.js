// Under the card of an action: the whole approval, unfolded where one is, read and signed like anywhere in the app.

import { LitElement, html, nothing } from 'lit';
import { t } from '../../chat/words.js';
import { sheet } from '../../parts/sheet.js';

export class Signing extends LitElement {
  static properties = { action: { attribute: false }, isOpen: { state: true } };
  static styles = sheet;

  constructor() {
    super();
    this.action = '';
    this.isOpen = false;
  }

  async #turn() {
    await import('../approvals/all.js');
    this.isOpen = !this.isOpen;
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <div>
          <button type="button" aria-expanded=${this.isOpen} @click=${this.#turn}>
            ${this.isOpen ? t('action.hide') : t('action.open')}
          </button>
        </div>
        ${this.isOpen ? html`<ct-approval class="within" .parts=${{ id: this.action }}></ct-approval>` : nothing}
      </div>
    `;
  }
}

customElements.define('ct-signing', Signing);
