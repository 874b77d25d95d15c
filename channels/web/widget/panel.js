// The frame's one element: a head with a way out, and the chat under it once the host has vouched.

import { css, html } from 'lit';
import { Problem } from '../shared/api.js';
import { notice } from '../parts/notice.js';
import { Screen } from '../parts/screen.js';
import { api, host, stream } from './here.js';
import { inkOn } from './look.js';
import './waiting.js';
import { t } from './words.js';

/** @typedef {import('./look.js').Look} Look */

export class Panel extends Screen {
  static properties = { ...Screen.properties, state: { state: true } };
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
    `,
  ];

  constructor() {
    super();
    /** @type {'entering' | 'in' | 'refused' | 'unreachable'} */
    this.state = 'entering';
    host.addEventListener('look', (event) => this.#dress(/** @type {CustomEvent<Look>} */ (event).detail));
    host.addEventListener('opened', () => this.#open());
    addEventListener('keydown', ({ key, defaultPrevented }) => {
      if (key === 'Escape' && !defaultPrevented) this.#close();
    });
    host.begin();
    this.#enter();
  }

  /** Opening is a human act: a stay that ended meanwhile is begun again, and what stands in the chat stays. */
  #open() {
    void this.begin();
    if (this.state === 'in' && stream.state === 'over') void this.#enter();
  }

  async #enter() {
    if (this.state !== 'in') this.state = 'entering';
    try {
      await api.enter();
      this.state = 'in';
    } catch (error) {
      this.state = error instanceof Problem ? 'refused' : 'unreachable';
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
      <main>${this.#inside()}</main>
    `;
  }

  #inside() {
    switch (this.state) {
      case 'entering':
        return html`<p class="told soft" role="status">${t('entering')}</p>`;
      case 'in':
        return html`<ct-waiting class="told"></ct-waiting>`;
      default:
        return html`
          <div class="told stack">
            ${notice('bad', t(this.state))}
            <button class="main" @click=${this.#enter}>${t('again')}</button>
          </div>
        `;
    }
  }
}

customElements.define('ct-panel', Panel);
