// One conversation on the desk: taken, answered, handed on, ended.

import { html, nothing } from 'lit';
import '../../chat/conversation.js';
import { Thread } from '../../chat/thread.js';
import { field } from '../../parts/field.js';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { api, router, session, stream } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

export class ConversationScreen extends Screen {
  static properties = {
    ...Screen.properties,
    problem: { state: true },
    isSending: { state: true },
    isHanding: { state: true },
    to: { state: true },
  };

  constructor() {
    super();
    /** @type {Thread | null} */
    this.thread = null;
    this.problem = '';
    this.isSending = false;
    this.isHanding = false;
    this.to = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.thread = new Thread(api, stream, this.parts.id);
    new Listening(this, [[this.thread, 'change']]);
  }

  /** @param {(thread: Thread) => Promise<unknown>} what */
  async #do(what) {
    if (this.isSending || this.thread === null) return false;
    this.isSending = true;
    this.problem = '';
    try {
      await what(this.thread);
      return true;
    } catch (error) {
      this.problem = said(error);
      return false;
    } finally {
      this.isSending = false;
    }
  }

  /** @param {SubmitEvent} event an empty number gives it back to the queue */
  async #transfer(event) {
    event.preventDefault();
    const to = this.to.trim();
    if (await this.#do((thread) => thread.transfer(to === '' ? null : to))) router.go('/desk/conversations');
  }

  /** @override */
  render() {
    const { thread } = this;
    if (thread === null) return nothing;
    return html`
      <div class="stack">
        <p><a href="/desk/conversations">${t('conversation.back')}</a></p>
        <h1><bdi>${named(thread) ?? t('conversation')}</bdi></h1>
        ${notice('bad', this.problem)} ${this.#ways(thread)}
        <ct-chat .thread=${thread}></ct-chat>
      </div>
    `;
  }

  /** @param {Thread} thread */
  #ways(thread) {
    const { conversation } = thread;
    if (conversation?.status === 'waiting') {
      return html`<div>
        <button class="main" ?disabled=${this.isSending} @click=${() => this.#do((each) => each.act('claim'))}>${t('conversation.claim')}</button>
      </div>`;
    }
    if (conversation?.status !== 'claimed' || conversation.adviser?.id !== session.stay?.user.id) return nothing;
    return html`
      <div class="row">
        <button ?disabled=${this.isSending} @click=${() => (this.isHanding = !this.isHanding)}>${t('conversation.transfer')}</button>
        <button ?disabled=${this.isSending} @click=${() => this.#do((each) => each.act('closing'))}>${t('conversation.close')}</button>
      </div>
      ${this.isHanding ? this.#form() : nothing}
    `;
  }

  #form() {
    return html`
      <form class="card stack" @submit=${this.#transfer}>
        ${field({
          name: 'to',
          label: t('conversation.to'),
          hint: t('conversation.to.hint'),
          value: this.to,
          input: (to) => (this.to = to),
          most: 64,
          required: false,
        })}
        <div><button class="main" ?disabled=${this.isSending}>${t('conversation.hand_on')}</button></div>
      </form>
    `;
  }
}

/** Whose conversation it is, as their messages say. @param {Thread} thread */
function named({ messages }) {
  return messages.find(({ author }) => author === 'person')?.name;
}

customElements.define('ct-desk-conversation', ConversationScreen);
