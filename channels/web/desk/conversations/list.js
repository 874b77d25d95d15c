// The queue: who waits for an adviser, and who has one, newest message first, live.

import { html, nothing } from 'lit';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { distance } from '../../shared/format.js';
import { api, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.QueuedContent} Queued */
/** @typedef {import('../../wire.js').Http.PageContent_QueuedContent_} Page */

const TOLD = new Set(['conversation_waiting', 'conversation_written', 'chat_moved']);

export class Conversations extends Screen {
  static properties = {
    ...Screen.properties,
    items: { state: true },
    next: { state: true },
    problem: { state: true },
    isClosed: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly Queued[] | null} */
    this.items = null;
    /** @type {string | null} */
    this.next = null;
    this.problem = '';
    /** Those that have ended, rather than those that have not. */
    this.isClosed = false;
    new Listening(this, [[stream, 'frame']], (event) => {
      const { type, kind } = /** @type {CustomEvent} */ (event).detail;
      if (type === 'event' && TOLD.has(kind)) void this.#read(undefined);
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read(undefined);
  }

  /** @param {string | undefined} after */
  async #read(after) {
    try {
      const page = /** @type {Page} */ (
        await api.get('/v1/conversations', { after, status: this.isClosed ? 'closed' : undefined })
      );
      this.items = after === undefined ? page.items : [...(this.items ?? []), ...page.items];
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  #turn() {
    this.isClosed = !this.isClosed;
    void this.#read(undefined);
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('conversations')}</h1>
        <div><button @click=${this.#turn}>${this.isClosed ? t('conversations.alive') : t('conversations.closed')}</button></div>
        ${notice('bad', this.problem)}
        ${this.items?.length === 0 ? html`<p class="soft">${t('conversations.none')}</p>` : nothing}
        <ul class="plain stack" aria-live="polite">
          ${this.items?.map(row)}
        </ul>
        ${this.next === null ? nothing : html`<button @click=${() => this.#read(this.next ?? undefined)}>${t('more')}</button>`}
      </div>
    `;
  }
}

/** @param {Queued} queued */
function row({ conversation, person, company, unread }) {
  const { id, status, adviser, last_at } = conversation;
  return html`
    <li class="card stack">
      <h2><a href="/desk/conversations/${id}"><bdi>${person.name}</bdi> · <bdi>${company}</bdi></a></h2>
      <p>
        <strong>${t(`conversation.${status}`)}</strong>
        ${adviser === null ? nothing : html`· <bdi>${adviser.name}</bdi>`}
        ${unread === 0 || status === 'closed' ? nothing : html`· ${t('conversation.unread', { count: unread })}`}
      </p>
      <p class="soft small">${distance(last_at, stream.now())}</p>
    </li>
  `;
}

customElements.define('ct-conversations', Conversations);
