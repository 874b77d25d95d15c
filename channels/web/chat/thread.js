// One conversation as a screen holds it: its messages in order, where it stands, who types. Fires `change`.
//
// Messages come as events of the stream; whatever was missed is read again over HTTP, and each is kept once by its number.

import { Unreachable } from '../shared/api.js';
import { language } from '../shared/language.js';

/** @typedef {import('../wire.js').Http.MessageContent} Message */
/** @typedef {import('../wire.js').Http.ConversationContent} Conversation */
/** @typedef {import('../wire.js').Http.TalkContent} Talk */
/** @typedef {import('../shared/api.js').Api} Api */
/** @typedef {import('../shared/stream/stream.js').Stream} Stream */

const SHOWN = 6_000; // milliseconds that a word of typing is shown
const TOLD = 3_000; // and that pass before one is told again
/** MiB of a file that an adviser offers, as the bank takes them. */
export const MOST = 16;
const SETTLED = 100; // milliseconds: several events of one act are read once

export class Thread extends EventTarget {
  /** @type {Conversation | null} */
  conversation = null;
  /** @type {readonly Message[]} in order */
  messages = [];
  /** When an adviser is there next; null: now, or nobody knows. @type {number | null} */
  opens = null;
  isTyping = false;
  isRead = false;
  hasOlder = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reading;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  #toldAt = 0;
  #marked = 0;

  /**
   * @param {Api} api
   * @param {Stream} stream
   * @param {string | null} id an adviser's; null for the person's own
   */
  constructor(api, stream, id = null) {
    super();
    this.api = api;
    this.stream = stream;
    this.id = id;
    this.path = id === null ? '/v1/conversation' : `/v1/conversations/${id}`;
    /** @type {'person' | 'adviser'} */
    this.side = id === null ? 'person' : 'adviser';
  }

  #hear = (/** @type {Event} */ event) => this.#take(/** @type {CustomEvent} */ (event).detail);

  open() {
    this.stream.addEventListener('frame', this.#hear);
    return this.read();
  }

  close() {
    this.stream.removeEventListener('frame', this.#hear);
    clearTimeout(this.#reading);
    clearTimeout(this.#silence);
  }

  /** Read where it stands, and its last messages. Throws Problem, Unreachable. */
  async read() {
    const talk = /** @type {Talk} */ (await this.api.get(this.path));
    if (talk.conversation?.id !== this.conversation?.id) this.messages = [];
    this.conversation = talk.conversation;
    this.opens = talk.opens;
    this.#put(talk.messages);
    this.isRead = true;
    this.hasOlder = (this.messages[0]?.n ?? 1) > 1;
    this.#changed();
  }

  /** Read what stands before the first message. Throws Problem, Unreachable. */
  async older() {
    const talk = /** @type {Talk} */ (await this.api.get(this.path, { before: this.messages[0]?.n }));
    this.#put(talk.messages);
    this.hasOlder = (this.messages[0]?.n ?? 1) > 1;
    this.#changed();
  }

  /**
   * Write a message; the same `req` again is the same message. Throws Problem, Unreachable.
   * @param {string} text
   * @param {string} req
   */
  async say(text, req) {
    await this.api.post(`${this.path}/messages`, { req, text, language });
    await this.read();
  }

  /** @param {string} action one the person has just started */
  async showAction(action) {
    await this.api.post('/v1/conversation/actions', { action });
    await this.read();
  }

  /** Offer a payment file, as an adviser: its person confirms it, or declines. @param {Blob} file */
  async offer(file) {
    await this.api.post(`${this.path}/files`, file);
    await this.read();
  }

  /** @param {'adviser' | 'claim' | 'closing'} what */
  async act(what) {
    await this.api.post(`${this.path}/${what}`);
    await this.read();
  }

  /** @param {string | null} to the number of a colleague; null: back to the queue */
  async transfer(to) {
    await this.api.post(`${this.path}/transfer`, { to });
  }

  /** Let the other side see that one types, now and then. */
  type() {
    if (this.conversation?.status !== 'claimed' || Date.now() - this.#toldAt < TOLD) return;
    this.#toldAt = Date.now();
    this.stream.send({ type: 'typing', ...(this.id === null ? {} : { conversation: this.id }) });
  }

  /** What is shown was seen. What does not arrive is told with the next message. */
  async seen() {
    const last = this.conversation?.last ?? 0;
    if (document.hidden || last <= Math.max(this.#marked, this.#mark()) || !this.#mayMark()) return;
    this.#marked = last;
    try {
      await this.api.post(`${this.path}/reading`, { n: last });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.#marked = 0;
    }
  }

  #mayMark() {
    return this.side === 'person' || this.conversation?.status === 'claimed';
  }

  #mark() {
    const { conversation, side } = this;
    return (side === 'person' ? conversation?.read_by_person : conversation?.read_by_adviser) ?? 0;
  }

  /** How far the other side has read. */
  get readByOther() {
    const { conversation, side } = this;
    return (side === 'person' ? conversation?.read_by_adviser : conversation?.read_by_person) ?? 0;
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #take(frame) {
    if (frame.type === 'peer_typing' && frame.conversation === this.conversation?.id) this.#types();
    const isOurs = frame.id === this.conversation?.id || (this.id === null && frame.message !== null);
    if (frame.type === 'event' && isOurs) this.#follow(frame.message);
    if (frame.type === 'synced' || frame.type === 'reset') this.#readSoon();
  }

  /** @param {Message | null} message */
  #follow(message) {
    if (message !== null && message.conversation === this.conversation?.id) {
      this.#put([message]);
      if (message.author !== this.side) this.isTyping = false;
      this.#changed();
    }
    this.#readSoon();
  }

  #readSoon() {
    clearTimeout(this.#reading);
    this.#reading = setTimeout(() => this.read().catch(() => undefined), SETTLED); // the next event reads again
  }

  #types() {
    this.isTyping = true;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.isTyping = false;
      this.#changed();
    }, SHOWN);
    this.#changed();
  }

  /** @param {readonly Message[]} messages */
  #put(messages) {
    const known = new Map([...this.messages, ...messages].map((message) => [message.n, message]));
    this.messages = [...known.values()].sort((one, other) => one.n - other.n);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
