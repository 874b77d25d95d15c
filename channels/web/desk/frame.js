// The desk's frame: its bar, its sections, the screen of the address, or the door when nobody is signed in.

import { LitElement, css, html, nothing } from 'lit';
import { Listening } from '../parts/listening.js';
import { notice } from '../parts/notice.js';
import '../parts/outlet.js';
import { sheet } from '../parts/sheet.js';
import { choose, language } from '../shared/language.js';
import { api, router, session, stream } from './here.js';
import './sign_in/screen.js';
import { t } from './words.js';

const SECTIONS = /** @type {const} */ ([
  { path: '/desk', words: 'nav.acts' },
  { path: '/desk/portfolio', words: 'nav.portfolio' },
  { path: '/desk/audit', words: 'nav.audit' },
]);

/** Close code: the login is over (docs/stream.md). */
const NOT_AUTHENTICATED = 4001;

export class Frame extends LitElement {
  static properties = { isEnding: { state: true } };
  static styles = [
    sheet,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        padding: 8px var(--gap);
        background: var(--card);
        border-bottom: 1px solid var(--line);
      }
      nav {
        display: flex;
        flex: 1 1 auto;
        flex-wrap: wrap;
      }
      nav a {
        display: grid;
        place-items: center;
        min-height: var(--tap);
        padding: 0 10px;
        font-weight: 600;
        text-decoration: none;
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
        padding: var(--gap) var(--gap) 48px;
      }
    `,
  ];

  constructor() {
    super();
    /** The stay is about to end unless the adviser acts. */
    this.isEnding = false;
    new Listening(this, [[router, 'change']]);
    new Listening(this, [[session, 'change']], () => this.#follow());
    new Listening(this, [[stream, 'state']], () => void this.#shutOut());
    new Listening(this, [[stream, 'frame']], (event) => {
      const { type } = /** @type {CustomEvent} */ (event).detail;
      if (type === 'auth_needed' || type === 'level') this.isEnding = type === 'auth_needed';
    });
    new Listening(this, [[window, 'online']], () => stream.hurry());
    new Listening(this, [[window, 'offline']], () => stream.cut());
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#follow();
  }

  #follow() {
    this.isEnding = false;
    if (session.stay === null) stream.close();
    else stream.open();
  }

  async #shutOut() {
    if (stream.state === 'over' && stream.closed === NOT_AUTHENTICATED && session.stay !== null) await session.resume();
  }

  async #stay() {
    this.isEnding = false;
    await api.get('/v1/sessions'); // any request of the person's is an act of theirs
    await stream.authenticate();
  }

  /** @override */
  render() {
    const isIn = session.stay !== null;
    return html`
      <header>
        <strong>Contreseing</strong>
        ${isIn ? this.#sections() : html`<span class="soft">${t('desk')}</span>`}
        <button class="plain" @click=${() => choose(language === 'fr' ? 'en' : 'fr')}>${t('language')}</button>
        ${isIn ? html`<button class="plain" @click=${() => session.signOut()}>${t('sign_out')}</button>` : nothing}
      </header>
      <main>
        ${this.#state()} ${isIn ? html`<ct-outlet .router=${router}></ct-outlet>` : html`<ct-desk-sign-in></ct-desk-sign-in>`}
      </main>
    `;
  }

  #state() {
    if (session.stay === null) return nothing;
    if (this.isEnding) {
      return notice('warn', html`${t('stay.ends')} <button @click=${this.#stay}>${t('stay.stay')}</button>`);
    }
    return stream.state === 'away' ? notice('warn', t('stream.away')) : nothing;
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

customElements.define('ct-desk', Frame);
