// A conversation: what was written, newest last, and where the next message is typed. Both sides use it.

import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Listening } from '../parts/listening.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { whole } from '../parts/whole.js';
import { moment } from '../shared/format.js';
import './action.js';
import { bubbles, bubble } from './bubble.js';
import './offered.js';
import { said } from './saying.js';
import { refusal, typed } from './summary.js';
import { MOST } from './thread.js';
import { t } from './words.js';

/** @typedef {import('./thread.js').Thread} Thread */

const NEAR = 200; // pixels below the window that still count as its end
const LONGEST = 4000; // characters, as the bank takes them
/** @typedef {(typeof STARTS)[number]} Start a kind of action, by the name its form is opened under */
const STARTS = /** @type {const} */ (['beneficiary', 'chequebook', 'entitlement', 'substitute']);
const forms = () => import('./forms.js');

export class Conversation extends LitElement {
  static properties = {
    thread: { attribute: false },
    signing: { attribute: false },
    text: { state: true },
    starting: { state: true },
    file: { state: true },
    isSending: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    bubbles,
    css`
      .log {
        display: grid;
        gap: 10px;
        align-content: start;
      }
      .end {
        scroll-margin-bottom: 80px;
      }
      textarea {
        min-height: 72px;
        resize: vertical;
      }
      .typing {
        min-height: 1.5em;
        margin: -8px 0;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Thread | undefined} */
    this.thread = undefined;
    /** Where an action is signed: what stands under its card. @type {(id: string) => unknown} */
    this.signing = () => nothing;
    this.text = '';
    /** The kind of action whose form is open. @type {Start | null} */
    this.starting = null;
    /** A payment file that waits to be confirmed. @type {File | null} */
    this.file = null;
    this.isSending = false;
    this.problem = '';
    /** @type {string | null} */
    this.req = null;
    /** The last message drawn. */
    this.shown = 0;
    this.isAtEnd = true;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.thread === undefined) throw new Error('a conversation needs its thread');
    new Listening(this, [[this.thread, 'change']]);
    void this.#try(() => /** @type {Thread} */ (this.thread).open());
  }

  /** @override */
  disconnectedCallback() {
    this.thread?.close();
    super.disconnectedCallback();
  }

  /** @override */
  willUpdate() {
    const end = this.renderRoot.querySelector('.end');
    this.isAtEnd = end === null || end.getBoundingClientRect().bottom < innerHeight + NEAR;
  }

  /** @override the newest message is before the reader, unless they have scrolled back */
  updated() {
    const last = this.thread?.messages.at(-1)?.n ?? 0;
    if (last !== this.shown && this.isAtEnd) this.renderRoot.querySelector('.end')?.scrollIntoView({ block: 'end' });
    this.shown = last;
    if (last > 0) void this.thread?.seen();
  }

  /** @param {() => Promise<unknown>} what */
  async #try(what) {
    this.problem = '';
    try {
      await what();
      return true;
    } catch (error) {
      this.problem = said(error);
      if (this.problem === t('assistant.code')) this.text = ''; // a code does not stay on the screen either
      return false;
    }
  }

  /** @param {Event} event */
  #send(event) {
    event.preventDefault();
    void this.#say(this.text.trim());
  }

  /** @param {string} text sent again under the same name while nobody knows whether it arrived */
  async #say(text) {
    if (this.isSending || text === '') return;
    this.isSending = true;
    this.req ??= crypto.randomUUID();
    const req = this.req;
    if (await this.#try(() => /** @type {Thread} */ (this.thread).say(text, req))) this.text = '';
    if (this.problem !== t('assistant.unreachable')) this.req = null;
    this.isSending = false;
  }

  /** @param {'adviser' | 'claim' | 'closing'} what */
  async #act(what) {
    if (this.isSending) return;
    this.isSending = true;
    await this.#try(() => /** @type {Thread} */ (this.thread).act(what));
    this.isSending = false;
  }

  /** @param {CustomEvent<string>} event */
  async #started({ detail }) {
    this.starting = null;
    await this.#try(() => /** @type {Thread} */ (this.thread).showAction(detail));
  }

  /** @param {string} kind */
  async #start(kind) {
    const known = /** @type {Start} */ (kind);
    await forms();
    this.starting = known;
    await this.updateComplete;
    const form = /** @type {import('./form.js').Form} */ (this.renderRoot.querySelector('.end')?.firstElementChild);
    await form.updateComplete;
    form.begin();
  }

  /** @param {File | undefined} file */
  async #take(file) {
    if (file === undefined) return;
    if (this.thread?.side === 'adviser') return this.#offer(file, this.thread);
    await forms();
    this.file = file;
  }

  /**
   * @param {File} file
   * @param {Thread} thread
   */
  async #offer(file, thread) {
    if (this.isSending || thread.conversation?.status !== 'claimed') return;
    this.isSending = true;
    this.problem = '';
    try {
      await thread.offer(typed(file));
    } catch (error) {
      this.problem = refusal(error, MOST);
    } finally {
      this.isSending = false;
    }
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    void this.#take(event.dataTransfer?.files[0]);
  }

  #browse() {
    /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('input[type=file]'))?.click();
  }

  /** @param {Event & { target: HTMLInputElement }} event */
  #choose({ target }) {
    void this.#take(target.files?.[0]);
    target.value = '';
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    this.#send(event);
  }

  /** @param {InputEvent & { target: HTMLTextAreaElement }} event */
  #typed({ target }) {
    this.text = target.value;
    this.req = null;
    this.thread?.type();
  }

  /** @override */
  render() {
    const { thread } = this;
    if (thread === undefined) return nothing;
    return html`
      <div class="stack" @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()} @drop=${this.#drop}>
        ${thread.hasOlder ? html`<button @click=${() => this.#try(() => thread.older())}>${t('chat.older')}</button>` : nothing}
        <div class="log" role="log" aria-label=${t('chat.log')}>
          ${thread.isRead && thread.messages.length === 0 ? this.#welcome() : nothing}
          ${repeat(
            thread.messages,
            (message) => `${message.conversation}.${message.n}`,
            (message) =>
              bubble(message, {
                thread,
                signing: this.signing,
                ask: (question) => this.#say(question),
                start: (kind) => this.#start(kind),
                started: (event) => this.#started(event),
              }),
          )}
        </div>
        <p class="soft small typing" role="status">${thread.isTyping ? t('chat.types') : nothing}</p>
        ${this.#state()} ${notice('bad', this.problem)}
        <div class="end">${this.#next(thread)}</div>
      </div>
    `;
  }

  /** What the person does next: fill in a form, confirm a file, or write. @param {Thread} thread */
  #next({ api, stream }) {
    const started = this.#started;
    const left = () => (this.starting = null);
    switch (this.starting) {
      case null:
        break;
      case 'entitlement':
        return html`<ct-entitling .api=${api} @started=${started} @left=${left}></ct-entitling>`;
      case 'substitute':
        return html`<ct-naming .api=${api} .now=${() => stream.now()} @started=${started} @left=${left}></ct-naming>`;
      default:
        return html`<ct-start .api=${api} .kind=${this.starting} @started=${started} @left=${left}></ct-start>`;
    }
    if (this.file !== null) {
      return html`<ct-file .api=${api} .file=${this.file} @started=${started} @left=${() => (this.file = null)}></ct-file>`;
    }
    return this.#form();
  }

  #welcome() {
    return html`
      <div class="stack">
        <p class="soft">${t('chat.welcome')}</p>
        <div class="row">
          ${STARTS.map((kind) => html`<button @click=${() => this.#start(kind)}>${t(`start.${kind}`)}</button>`)}
        </div>
      </div>
    `;
  }

  #state() {
    const { conversation, opens, side } = /** @type {Thread} */ (this.thread);
    if (side !== 'person' || conversation?.status !== 'waiting') return nothing;
    return notice('plain', opens === null ? t('chat.waiting') : t('chat.away', { when: moment(opens) }));
  }

  #form() {
    const { conversation, side } = /** @type {Thread} */ (this.thread);
    const status = conversation?.status;
    if (side === 'adviser' && status !== 'claimed') return nothing;
    return html`
      <form class="stack" @submit=${this.#send}>
        <div class="field">
          <label for="message">${t('chat.message')}</label>
          <textarea
            id="message"
            name="message"
            maxlength=${LONGEST}
            .value=${this.text}
            @beforeinput=${whole}
            @input=${this.#typed}
            @keydown=${this.#key}
          ></textarea>
        </div>
        <div class="row">
          <button class="main" ?disabled=${this.isSending}>${this.isSending ? t('chat.sending') : t('chat.send')}</button>
          ${this.#attach()} ${side === 'person' ? this.#ways(status) : nothing}
        </div>
      </form>
    `;
  }

  #attach() {
    return html`
      <input type="file" hidden accept=".xml,.txt,text/xml,application/xml,text/plain" @change=${this.#choose} />
      <button type="button" ?disabled=${this.isSending} @click=${this.#browse}>${t('file.choose')}</button>
    `;
  }

  /** @param {string | undefined} status */
  #ways(status) {
    const isAssisted = status === undefined || status === 'assisted' || status === 'closed';
    return html`
      ${isAssisted
        ? html`<button type="button" ?disabled=${this.isSending} @click=${() => this.#act('adviser')}>${t('chat.adviser')}</button>`
        : nothing}
      ${status === undefined || status === 'closed'
        ? nothing
        : html`<button type="button" class="plain" ?disabled=${this.isSending} @click=${() => this.#act('closing')}>${t('chat.close')}</button>`}
    `;
  }
}

customElements.define('ct-chat', Conversation);
