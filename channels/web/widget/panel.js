// The frame's one element: a head with a way out, and the chat under it once the host has vouched.

import { css, html, nothing } from 'lit';
import { Problem } from '../shared/api.js';
import { notice } from '../parts/notice.js';
import { Screen } from '../parts/screen.js';
import { api, host, stream } from './here.js';
import { inkOn } from './look.js';
import '../chat/conversation.js';
import { Thread } from '../chat/thread.js';
import './waiting.js';
import { t } from './words.js';

/** @typedef {import('./look.js').Look} Look */

export class Panel extends Screen {
  static properties = { ...Screen.properties, isIn: { state: true }, problem: { state: true } };
  static styles = [
    ...Screen.styles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        height: 100vh;
        height: 100dvh;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        padding: 8px 8px 8px 16px;
        background: var(--accent, var(--brand));
        color: var(--on-accent, var(--on-brand));
      }
      header h1 {
        font-size: 1.1rem;
      }
      header button {
        min-width: var(--tap);
        min-height: var(--tap);
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font-size: 1.5rem;
      }
      header button:focus-visible {
        outline: 3px solid currentColor;
        outline-offset: -5px;
      }
      main {
        overflow-y: auto;
      }
      .told {
        padding: var(--gap);
      }
      .told + .told {
        padding-top: 0;
      }
    `,
  ];

  constructor() {
    super();
    this.thread = new Thread(api, stream);
    /** Somebody is in, or was: what stands in the chat stays. */
    this.isIn = false;
    /** @type {'' | 'refused' | 'unreachable'} */
    this.problem = '';
    host.addEventListener('look', (event) => this.#dress(/** @type {CustomEvent<Look>} */ (event).detail));
    host.addEventListener('opened', () => this.#open());
    addEventListener('keydown', ({ key, defaultPrevented }) => {
      if (key === 'Escape' && !defaultPrevented) this.#close();
    });
    host.begin();
    void this.#enter();
  }

  /** Opening is a human act: a stay that ended meanwhile is begun again. */
  #open() {
    void this.begin();
    if (this.isIn) void this.#enter();
  }

  async #enter() {
    try {
      await api.get('/v1/sessions/here');
      this.isIn = true;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Problem ? 'refused' : 'unreachable';
    }
  }

  #close() {
    host.tell({ type: 'close' });
  }

  /** @param {Look} look */
  #dress({ accent, radius }) {
    if (accent !== undefined) {
      this.style.setProperty('--accent', accent);
      this.style.setProperty('--on-accent', inkOn(accent));
    }
    if (radius !== undefined) this.style.setProperty('--radius', radius);
  }

  /** @override */
  render() {
    return html`
      <header>
        <h1>${t('chat')}</h1>
        <button aria-label=${t('close')} @click=${this.#close}><span aria-hidden="true">×</span></button>
      </header>
      <main>${this.#told()} ${this.isIn ? this.#chat() : nothing}</main>
    `;
  }

  #chat() {
    return html`
      <ct-waiting class="told"></ct-waiting>
      <ct-chat class="told" .thread=${this.thread} .signing=${elsewhere}></ct-chat>
    `;
  }

  #told() {
    if (this.problem === '') return this.isIn ? nothing : html`<p class="told soft" role="status">${t('entering')}</p>`;
    return html`
      <div class="told stack">
        ${notice('bad', t(this.problem))}
        <button class="main" @click=${this.#enter}>${t('again')}</button>
      </div>
    `;
  }
}

/** Nothing is signed in a page of somebody else's (RULES 25). @param {string} action */
const elsewhere = (action) =>
  html`<div><a class="button" href="/app/approvals/${action}" target="_blank" rel="noopener">${t('waiting.open')}</a></div>`;

customElements.define('ct-panel', Panel);
