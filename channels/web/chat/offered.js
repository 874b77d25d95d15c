// A payment file an adviser offers, as it stands: its person confirms or declines it, its adviser may take it back.
//
// Who confirms is who started it. Fires `started` (detail: an action's id) for each of its actions.

import { LitElement, html, nothing } from 'lit';
import { Listening } from '../parts/listening.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { statementSheet } from '../parts/statement.js';
import { moment } from '../shared/format.js';
import { opened } from './opened.js';
import { refusal, told } from './summary.js';
import { MOST } from './thread.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.OfferedFileContent} Offered */

export class OfferedCard extends LitElement {
  static properties = {
    thread: { attribute: false },
    file: { attribute: false },
    content: { state: true },
    isSending: { state: true },
    problem: { state: true },
  };
  static styles = [sheet, statementSheet];

  constructor() {
    super();
    /** @type {import('./thread.js').Thread | undefined} */
    this.thread = undefined;
    this.file = '';
    /** @type {Offered | null} */
    this.content = null;
    this.isSending = false;
    /** How often it was read: what an older reading brings is not shown any more. */
    this.readings = 0;
    this.problem = '';
    this.waiting = new AbortController();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    const { stream } = this.#thread;
    new Listening(this, [[stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    void this.#look();
  }

  /** @override */
  disconnectedCallback() {
    this.waiting.abort();
    super.disconnectedCallback();
  }

  get #thread() {
    return /** @type {import('./thread.js').Thread} */ (this.thread);
  }

  get #path() {
    return `${this.#thread.path}/files/${this.file}`;
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear({ type, id }) {
    const isOurs = type === 'event' && id === this.#thread.conversation?.id;
    if (isOurs || type === 'reset') void this.#look();
  }

  /** Read it beside whatever the person does: a button that goes dead for a moment loses their tap. */
  async #look() {
    try {
      await this.#read();
    } catch (error) {
      this.problem = refusal(error, MOST);
    }
  }

  async #read() {
    const reading = ++this.readings;
    const content = /** @type {Offered} */ (await this.#thread.api.get(this.#path));
    if (reading === this.readings) this.content = content;
  }

  /** @param {() => Promise<void>} what */
  async #try(what) {
    if (this.isSending) return;
    this.isSending = true;
    this.problem = '';
    try {
      await what();
    } catch (error) {
      this.problem = refusal(error, MOST);
    } finally {
      this.isSending = false;
    }
  }

  #confirm() {
    return this.#try(async () => {
      const { api } = this.#thread;
      const held = await api.post(`${this.#path}/confirmation`);
      for (const detail of await opened(api, /** @type {any} */ (held), this.waiting.signal)) {
        this.dispatchEvent(new CustomEvent('started', { detail }));
      }
      await this.#read();
    });
  }

  /** @param {'refusal' | 'withdrawal'} how */
  #drop(how) {
    return this.#try(async () => {
      await this.#thread.api.post(`${this.#path}/${how}`);
      await this.#read();
    });
  }

  /** @override */
  render() {
    const { content } = this;
    if (content === null) return notice('bad', this.problem);
    const isPerson = this.#thread.side === 'person';
    const status = isPerson && content.status === 'offered' ? 'asked' : content.status;
    return html`
      <section class="stack" aria-labelledby="offered">
        <h2 id="offered">${t('offered')}</h2>
        ${told(content)}
        <p role="status"><strong>${t(`offered.${status}`, { when: moment(content.expires) })}</strong></p>
        ${notice('bad', this.problem)} ${content.status === 'offered' ? (isPerson ? this.#answers() : this.#back()) : nothing}
      </section>
    `;
  }

  #answers() {
    return html`
      <div class="row">
        <button class="main" ?disabled=${this.isSending} @click=${this.#confirm}>
          ${this.isSending ? t('start.sending') : t('file.confirm')}
        </button>
        <button ?disabled=${this.isSending} @click=${() => this.#drop('refusal')}>${t('offered.decline')}</button>
      </div>
      <p class="soft small">${t('offered.what')}</p>
    `;
  }

  #back() {
    return html`<div>
      <button ?disabled=${this.isSending} @click=${() => this.#drop('withdrawal')}>${t('offered.take_back')}</button>
    </div>`;
  }
}

customElements.define('ct-offered', OfferedCard);
