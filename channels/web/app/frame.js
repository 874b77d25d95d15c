// The app's frame: its bar, its sections, the screen of the address, or the door when nobody is signed in.

import { LitElement, css, html, nothing } from 'lit';
import '../parts/outlet.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { choose, language } from '../shared/language.js';
import { router, session, stream } from './here.js';
import './sign_in/screen.js';
import { t } from './words.js';

const SECTIONS = /** @type {const} */ ([{ path: '/app', words: 'nav.approvals' }]);

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
      main {
        width: 100%;
        max-width: 44rem;
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
      nav a[aria-current] {
        box-shadow: inset 0 3px 0 var(--brand);
      }
      nav a:not([aria-current]) {
        color: var(--soft-ink);
      }
      .skip:not(:focus) {
        position: absolute;
        clip-path: inset(50%);
      }
    `,
  ];

  #changed = () => this.requestUpdate();

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    for (const each of [session, router]) each.addEventListener('change', this.#changed);
    stream.addEventListener('state', this.#changed);
    session.addEventListener('change', () => (session.stay === null ? stream.close() : stream.open()));
    window.addEventListener('online', () => stream.hurry());
    if (session.stay !== null) stream.open();
  }

  /** @override */
  render() {
    const isIn = session.stay !== null || router.here().route.isOpen;
    return html`
      <header>
        <strong>Contreseing</strong>
        <button class="plain" @click=${() => choose(language === 'fr' ? 'en' : 'fr')}>${t('language')}</button>
        ${session.stay === null
          ? nothing
          : html`<button class="plain" @click=${() => session.signOut()}>${t('sign_out')}</button>`}
      </header>
      <main id="content">
        ${this.#state()} ${isIn ? html`<ct-outlet .router=${router}></ct-outlet>` : html`<ct-sign-in></ct-sign-in>`}
      </main>
      ${session.stay === null ? nothing : this.#sections()}
    `;
  }

  #state() {
    if (session.stay === null) return nothing;
    if (stream.state === 'away') return notice('warn', t('stream.away'));
    return stream.state === 'over' ? notice('bad', t('stream.over')) : nothing;
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
