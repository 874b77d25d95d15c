// The desk's frame: its bar, the sections, the screen of the address, or the door when nobody is signed in.

import { LitElement, css, html, nothing } from 'lit';
import { Listening } from '../parts/listening.js';
import { notice } from '../parts/notice.js';
import '../parts/outlet.js';
import { sheet } from '../parts/sheet.js';
import { choose, language } from '../shared/language.js';
import { api, router, session, stream } from './here.js';
import './sign_in.js';
import { t } from './words.js';

const NOT_AUTHENTICATED = 4001; // a close code: docs/stream.md

const SECTIONS = /** @type {const} */ ([
  { path: '/desk', words: 'nav.acts' },
  { path: '/desk/companies', words: 'nav.companies' },
  { path: '/desk/conversations', words: 'nav.conversations' },
  { path: '/desk/alerts', words: 'nav.alerts' },
  { path: '/desk/advisers', words: 'nav.advisers' },
  { path: '/desk/authorities', words: 'nav.authorities' },
  { path: '/desk/figures', words: 'nav.figures' },
  { path: '/desk/audit', words: 'nav.audit' },
]);

export class Desk extends LitElement {
  static styles = [
    sheet,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        padding: 8px var(--gap);
        background: var(--card);
        border-bottom: 1px solid var(--line);
      }
      header strong {
        flex: 1;
        font-size: clamp(1rem, 5vw, 1.1rem);
        white-space: nowrap;
      }
      @media (max-width: 359px) {
        header {
          font-size: 0.875rem;
        }
      }
      nav {
        display: flex;
        gap: 4px;
        overflow-x: auto;
        scrollbar-width: thin;
        padding: 0 var(--gap);
        background: var(--card);
        border-bottom: 1px solid var(--line);
      }
      nav a {
        display: grid;
        place-items: center;
        min-height: 48px;
        padding: 0 12px;
        font-weight: 600;
        text-decoration: none;
        white-space: nowrap;
      }
      nav a:focus-visible {
        outline-offset: -3px; /* the row that scrolls would cut it */
      }
      nav a[aria-current] {
        box-shadow: inset 0 -3px 0 var(--brand);
      }
      nav a:not([aria-current]) {
        color: var(--soft-ink);
      }
      main {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
        max-width: 72rem;
        margin: 0 auto;
        padding: var(--gap) var(--gap) 32px;
      }
      main:focus {
        outline: none;
      }
      .me {
        display: grid;
        place-items: center;
        min-height: var(--tap);
        padding: 0 8px;
      }
      ct-desk-sign-in {
        width: 100%;
        max-width: 32rem;
        margin: 0 auto;
      }
      .skip {
        position: absolute;
        background: var(--card);
      }
      .skip:not(:focus) {
        clip-path: inset(50%);
      }
    `,
  ];
  static properties = { isEnding: { state: true } };

  constructor() {
    super();
    /** The stay is about to end unless the adviser acts. */
    this.isEnding = false;
    /** The one that was brought before the reader. @type {Element | null} */
    this.section = null;
    new Listening(this, [[router, 'change']]);
    new Listening(this, [[stream, 'state']], () => void this.#shutOut());
    new Listening(this, [[session, 'change']], () => void this.#follow());
    new Listening(this, [[stream, 'frame']], (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    new Listening(this, [[window, 'online']], () => stream.hurry());
    new Listening(this, [[window, 'offline']], () => stream.cut());
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#follow();
  }

  /** @override the section one comes to is before the reader where the row is too narrow for all */
  updated() {
    const nav = this.renderRoot.querySelector('nav');
    const section = /** @type {HTMLElement | null | undefined} */ (nav?.querySelector('[aria-current]'));
    if (!nav || !section || section === this.section) return;
    nav.scrollLeft = section.offsetLeft - (nav.clientWidth - section.offsetWidth) / 2;
    this.section = section;
  }

  /** Connect for whoever came in, from the present head on; let go when they leave. */
  async #follow() {
    this.isEnding = false;
    if (session.stay === null) {
      stream.close();
      return;
    }
    try {
      const { epoch, head } = /** @type {import('../wire.js').Http.SnapshotContent} */ (await api.get('/v1/inbox'));
      stream.open({ epoch, after: head });
    } catch {
      stream.open();
    }
  }

  async #shutOut() {
    if (stream.state === 'over' && stream.closed === NOT_AUTHENTICATED && session.stay !== null) await session.resume();
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear(frame) {
    if (frame.type === 'auth_needed') this.isEnding = true;
    if (frame.type !== 'level') return;
    this.isEnding = false;
    if (frame.level === 'device_bound') void session.resume();
  }

  async #stay() {
    this.isEnding = false;
    await api.get('/v1/sessions'); // any request of the adviser's is an act of theirs
    await stream.authenticate();
  }

  /** @param {Event} event the address stays what it is: the content is in this element's own tree */
  #skip(event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('main'))?.focus();
  }

  /** @override */
  render() {
    const { stay } = session;
    const isOpen = stay !== null || router.here().route.isOpen;
    return html`
      <header>
        <a class="skip button" href="#content" @click=${this.#skip}>${t('skip')}</a>
        <strong>${t('desk')}</strong>
        ${stay === null ? nothing : html`<a class="me" href="/desk/mine"><bdi>${stay.user.name}</bdi></a>`}
        <button class="plain" @click=${() => choose(language === 'fr' ? 'en' : 'fr')}>${t('language')}</button>
        ${stay === null
          ? nothing
          : html`<button class="plain" @click=${() => session.signOut()}>${t('sign_out')}</button>`}
      </header>
      ${stay === null ? nothing : this.#sections()}
      <main id="content" tabindex="-1">
        ${stay === null ? nothing : this.#state()}
        ${isOpen ? html`<ct-outlet .router=${router}></ct-outlet>` : html`<ct-desk-sign-in></ct-desk-sign-in>`}
      </main>
    `;
  }

  #state() {
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
          ({ path, words }) => html`<a href=${path} aria-current=${current(path, here) ?? nothing}>${t(words)}</a>`,
        )}
      </nav>
    `;
  }
}

/** Where the pages below a section are, where that is not below its own address. @type {Record<string, string>} */
const BELOW = { '/desk': '/desk/acts/', '/desk/companies': '/desk/operations/' };

/**
 * Whether a section is the page shown, or one above it.
 * @param {string} section
 * @param {string} here
 */
function current(section, here) {
  if (here === section) return 'page';
  const isBelow = section !== '/desk' && here.startsWith(`${section}/`);
  return isBelow || here.startsWith(BELOW[section] ?? `${section}/`) ? 'true' : null;
}

customElements.define('ct-desk', Desk);
