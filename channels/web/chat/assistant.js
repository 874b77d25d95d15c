// Asks the assistant: what was asked and said stands below, newest last, until the screen is left.

import { LitElement, css, html, nothing } from 'lit';
import { field } from '../parts/field.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { Problem } from '../shared/api.js';
import { language } from '../shared/language.js';
import { spaced } from '../shared/spacing.js';
import { t } from './words.js';

/** @typedef {import('../wire.js').Http.HelpReply} Reply */
/** @typedef {import('../wire.js').Http.HelpEntry} Entry */
/** @typedef {{ asked: string, reply: Reply }} Exchange */

const LONGEST = 1000; // characters, as the bank takes them

export class Assistant extends LitElement {
  static properties = {
    api: { attribute: false },
    text: { state: true },
    exchanges: { state: true },
    isAsking: { state: true },
    problem: { state: true },
  };
  static styles = [
    sheet,
    css`
      .asked {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../shared/api.js').Api | undefined} */
    this.api = undefined;
    this.text = '';
    /** @type {readonly Exchange[]} */
    this.exchanges = [];
    this.isAsking = false;
    this.problem = '';
  }

  /** @param {SubmitEvent} event */
  async #ask(event) {
    event.preventDefault();
    const asked = this.text.trim();
    if (this.isAsking || asked === '' || this.api === undefined) return;
    this.isAsking = true;
    this.problem = '';
    try {
      const reply = /** @type {Reply} */ (await this.api.post('/v1/help/questions', { text: asked, language }));
      this.#add(asked, reply);
    } catch (error) {
      this.#refused(error);
    } finally {
      this.isAsking = false;
    }
  }

  /**
   * @param {string} asked
   * @param {Reply} reply
   */
  #add(asked, reply) {
    this.exchanges = [...this.exchanges, { asked, reply }];
    this.text = '';
  }

  /** @param {unknown} error a code does not stay on the screen either */
  #refused(error) {
    const isCode = error instanceof Problem && error.code === 'code_in_message';
    if (isCode) this.text = '';
    this.problem = t(isCode ? 'assistant.code' : 'assistant.unreachable');
  }

  /** @param {Entry} entry */
  #choose(entry) {
    this.#add(entry.question, { answer: entry, suggestions: [] });
  }

  /** @override */
  render() {
    return html`
      <section class="stack" aria-labelledby="assistant">
        <h2 id="assistant">${t('assistant')}</h2>
        <p class="soft">${t('assistant.what')}</p>
        <div class="stack" role="log">${this.exchanges.map((exchange) => this.#exchange(exchange))}</div>
        <form class="card stack" @submit=${this.#ask}>
          ${notice('warn', this.problem)}
          ${field({
            name: 'question',
            label: t('assistant.label'),
            value: this.text,
            input: (text) => (this.text = text),
            most: LONGEST,
          })}
          <button class="main" ?disabled=${this.isAsking}>${this.isAsking ? t('assistant.asking') : t('assistant.ask')}</button>
        </form>
      </section>
    `;
  }

  /** @param {Exchange} exchange */
  #exchange({ asked, reply: { answer, suggestions } }) {
    return html`
      <div class="card stack">
        <p class="asked"><span class="hidden-text">${t('assistant.you')}&nbsp;: </span><bdi>${asked}</bdi></p>
        ${answer === null ? this.#suggested(suggestions) : html`<p>${spaced(answer.answer)}</p>`}
      </div>
    `;
  }

  /** @param {readonly Entry[]} suggestions */
  #suggested(suggestions) {
    if (suggestions.length === 0) return nothing;
    return html`
      <p>${t('assistant.unsure')}</p>
      <ul class="plain stack">
        ${suggestions.map(
          (entry) => html`<li><button type="button" @click=${() => this.#choose(entry)}>${spaced(entry.question)}</button></li>`,
        )}
      </ul>
    `;
  }
}

customElements.define('ct-assistant', Assistant);
