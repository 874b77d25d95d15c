// Help: the assistant, and all it knows; open to who is not signed in, since who is locked out asks most.

import { html, nothing } from 'lit';
import '../../chat/assistant.js';
import { t } from '../../chat/words.js';
import { Screen } from '../../parts/screen.js';
import { language } from '../../shared/language.js';
import { spaced } from '../../shared/spacing.js';
import { api, session } from '../here.js';

/** @typedef {import('../../wire.js').Http.HelpContent} Help */
/** @typedef {import('../../wire.js').Http.HelpEntry} Entry */

export class HelpScreen extends Screen {
  static properties = { ...Screen.properties, entries: { state: true } };

  constructor() {
    super();
    /** @type {readonly Entry[]} */
    this.entries = [];
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      this.entries = /** @type {Help} */ (await api.get('/v1/help', { language })).items;
    } catch {
      this.entries = []; // the assistant says of itself when the bank does not answer
    }
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('help.title')}</h1>
        ${session.stay === null ? html`<p><a class="button" href="/app">${t('help.back')}</a></p>` : nothing}
        <ct-assistant .api=${api}></ct-assistant>
        ${this.entries.length === 0 ? nothing : this.#all()}
      </div>
    `;
  }

  #all() {
    return html`
      <section class="stack">
        <h2>${t('help.all')}</h2>
        ${this.entries.map(
          ({ question, answer }) => html`<details class="card"><summary>${spaced(question)}</summary><p>${spaced(answer)}</p></details>`,
        )}
      </section>
    `;
  }
}

customElements.define('ct-help', HelpScreen);
