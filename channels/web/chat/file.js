// A payment file on its way into the conversation: the bank says what it holds, the person confirms, then it is held.
//
// What is confirmed is the file the summary is of: it is sent again whole, and held under its own digest. Fires
// `started` (detail: an action's id) for each of its actions, and `left` at the end.

import { LitElement, html, nothing } from 'lit';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { statementSheet } from '../parts/statement.js';
import { opened } from './opened.js';
import { refusal, told, typed } from './summary.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.FileSummaryContent} Summary */

export class FileCard extends LitElement {
  static properties = {
    api: { attribute: false },
    file: { attribute: false },
    summary: { state: true },
    isSending: { state: true },
    problem: { state: true },
  };
  static styles = [sheet, statementSheet];

  constructor() {
    super();
    /** @type {import('../shared/api.js').Api | undefined} */
    this.api = undefined;
    /** @type {File | undefined} */
    this.file = undefined;
    /** @type {Summary | null} */
    this.summary = null;
    this.isSending = false;
    this.problem = '';
    /** The same request while nobody knows whether it arrived. */
    this.key = crypto.randomUUID();
    this.waiting = new AbortController();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#try(async (api, body) => {
      this.summary = /** @type {Summary} */ (await api.post('/v1/remittances/summaries', body));
    });
  }

  /** @override */
  disconnectedCallback() {
    this.waiting.abort();
    super.disconnectedCallback();
  }

  /** @param {(api: import('../shared/api.js').Api, body: Blob) => Promise<void>} what */
  async #try(what) {
    if (this.isSending || this.api === undefined || this.file === undefined) return;
    this.isSending = true;
    this.problem = '';
    try {
      await what(this.api, typed(this.file));
    } catch (error) {
      this.problem = refusal(error, 256);
    } finally {
      this.isSending = false;
    }
  }

  #confirm() {
    return this.#try(async (api, body) => {
      const held = await api.post('/v1/remittances', body, { key: this.key });
      for (const detail of await opened(api, /** @type {any} */ (held), this.waiting.signal)) {
        this.dispatchEvent(new CustomEvent('started', { detail }));
      }
      this.#leave();
    });
  }

  #leave() {
    this.dispatchEvent(new Event('left'));
  }

  /** @override */
  render() {
    return html`
      <section class="card stack" aria-labelledby="file">
        <h2 id="file"><bdi>${this.file?.name}</bdi></h2>
        ${this.summary === null && this.isSending ? html`<p class="soft" role="status">${t('file.reading')}</p>` : nothing}
        ${this.summary === null ? nothing : html`${told(this.summary)}<p class="soft small">${t('start.what')}</p>`} ${notice('bad', this.problem)}
        <div class="row">
          ${this.summary === null
            ? nothing
            : html`<button class="main" ?disabled=${this.isSending} @click=${this.#confirm}>
                ${this.isSending ? t('start.sending') : t('file.confirm')}
              </button>`}
          <button class="plain" @click=${this.#leave}>${t('start.leave')}</button>
        </div>
      </section>
    `;
  }
}

customElements.define('ct-file', FileCard);
