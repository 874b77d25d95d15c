// The app's frame: its bar, its sections, the screen of the address, or the door when nobody is signed in.

import { LitElement, css, html, nothing } from 'lit';
import { Listening } from '../parts/listening.js';
import '../parts/outlet.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { forget } from '../shared/device.js';
import { choose, language } from '../shared/language.js';
import './confirmations/waiting.js';
import { api, router, session, stream, waiting } from './here.js';
import './sign_in/screen.js';
import { t } from './words.js';

/** Close codes (docs/stream.md). */
const NOT_AUTHENTICATED = 4001;
const REVOKED = 4002;

const SECTIONS = /** @type {const} */ ([
  { path: '/app', words: 'nav.approvals' },
  { path: '/app/history', words: 'nav.history' },
  { path: '/app/mine', words: 'nav.mine' },
  { path: '/app/chat', words: 'nav.chat' },
]);

export class Frame extends LitElement {
  static styles = [
    sheet,
    css`
      :host {
        display: grid;
        grid-template: auto 1fr auto / minmax(0, 1fr);
        min-height: 100dvh;
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 8px var(--gap);
        background: var(--card);
        border-bottom: 1px solid var(--line);
      }
      header strong {
        flex: 1;
        font-size: 1.1rem;
      }
      @media (max-width: 359px) {
        header {
          gap: 0;
          padding-inline: 12px;
          font-size: 0.875rem;
        }
        header button {
          padding-inline: 6px;
        }
      }
      main {
        display: grid;
        gap: var(--gap);
        align-content: start;
        grid-template-columns: minmax(0, 1fr);
        width: 100%;
        max-width: 64rem;
        margin: 0 auto;
        padding: var(--gap) var(--gap) 32px;
      }
      nav {
        position: sticky;
        bottom: 0;
        display: flex;
        background: var(--card);
        border-top: 1px solid var(--line);
        padding-bottom: env(safe-area-inset-bottom);
      }
      nav a {
        flex: 1;
        display: grid;
        place-items: center;
        min-height: 56px;
        font-weight: 600;
        text-decoration: none;
      }
      @media (max-width: 419px) {
        nav {
          font-size: clamp(0.75rem, 3.6vw, 0.875rem);
          text-align: center;
        }
      }
      nav a[aria-current] {
        box-shadow: inset 0 3px 0 var(--brand);
      }
      nav a:not([aria-current]) {
        color: var(--soft-ink);
      }
      button.plain {
        white-space: nowrap;
      }
      .skip {
        position: absolute;
        background: var(--card);
      }
      main:focus {
        outline: none;
      }
      ct-sign-in,
      ct-offer-enrolment,
      ct-pair-bridge {
        width: 100%;
        max-width: 32rem;
        margin: 0 auto;
      }
      .skip:not(:focus) {
        clip-path: inset(50%);
      }
    `,
  ];

  static properties = { isEnding: { state: true } };

  constructor() {
    super();
    /** The stay is about to end unless the person acts. */
    this.isEnding = false;
    new Listening(this, [[router, 'change']]);
    new Listening(this, [[stream, 'state']], () => void this.#shutOut());
    new Listening(this, [[session, 'change']], () => this.#follow());
    new Listening(this, [[stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    new Listening(this, [[window, 'online']], () => stream.hurry());
    new Listening(this, [[window, 'offline']], () => stream.cut());
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#follow();
  }

  /** Connect for whoever came in; let go when they leave. */
  async #follow() {
    this.isEnding = false;
    if (session.stay === null) {
      stream.close();
      return;
    }
    try {
      stream.open(await waiting.begin());
    } catch {
      await waiting.recall();
      stream.open();
    }
  }

  /** The bank closed the stream for good: the login is over, or this device was taken away. */
  async #shutOut() {
    if (stream.state !== 'over' || session.stay === null) return;
    if (stream.closed === REVOKED) {
      stream.device = null;
      await forget();
    }
    if (stream.closed === REVOKED || stream.closed === NOT_AUTHENTICATED) await session.resume();
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear(frame) {
    if (frame.type === 'auth_needed') this.isEnding = true;
    if (frame.type !== 'level') return;
    this.isEnding = false;
    if (frame.level === 'device_bound') void session.resume();
  }

  /** @param {Event} event the address stays what it is: the content is in this element's own tree */
  #skip(event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('main'))?.focus();
  }

  async #stay() {
    this.isEnding = false;
    await api.get('/v1/sessions'); // any request of the person's is an act of theirs
    await stream.authenticate();
  }

  /** @override */
  render() {
    const isIn = session.stay !== null || router.here().route.isOpen;
    return html`
      <header>
        <a class="skip button" href="#content" @click=${this.#skip}>${t('skip')}</a>
        <strong>Contreseing</strong>
        <button class="plain" @click=${() => choose(language === 'fr' ? 'en' : 'fr')}>${t('language')}</button>
        ${session.stay === null
          ? nothing
          : html`<button class="plain" @click=${() => session.signOut()}>${t('sign_out')}</button>`}
      </header>
      <main id="content" tabindex="-1">
        ${this.#state()}
        ${session.stay === null ? nothing : html`<ct-confirmations-waiting></ct-confirmations-waiting>`} ${isIn ? html`<ct-outlet .router=${router}></ct-outlet>` : html`<ct-sign-in></ct-sign-in>`}
      </main>
      ${session.stay === null ? nothing : this.#sections()}
    `;
  }

  #state() {
    if (session.stay === null) return navigator.onLine ? nothing : notice('warn', t('offline'));
    if (this.isEnding) {
      return notice('warn', html`${t('stay.ends')} <button @click=${this.#stay}>${t('stay.stay')}</button>`);
    }
    if (stream.state === 'away') return notice('warn', t('stream.away'));
    if (stream.state !== 'over' || stream.closed === null) return nothing;
    return notice('bad', html`${t('stream.over')} <button @click=${this.#follow}>${t('stream.again')}</button>`);
  }

  #sections() {
    const here = location.pathname;
    return html`
      <nav aria-label=${t('nav')}>
        ${SECTIONS.map(
          ({ path, words }) => html`<a href=${path} aria-current=${here === path ? 'page' : nothing}>${t(words)}</a>`,
        )}
      </nav>
    `;
  }
}

customElements.define('ct-app', Frame);
