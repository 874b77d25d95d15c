// The page's frame: its bar, what this browser keeps already, and the form, once somebody is signed in.

import { LitElement, css, html } from 'lit';
import { Listening } from '../parts/listening.js';
import { notice } from '../parts/notice.js';
import { sheet } from '../parts/sheet.js';
import { choose, language } from '../shared/language.js';
import { session } from './here.js';
import './form.js';
import './keys.js';
import { t } from './words.js';

export class Frame extends LitElement {
  static styles = [
    sheet,
    css`
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
        max-width: 40rem;
        margin: 0 auto;
        padding: var(--gap) var(--gap) 32px;
      }
    `,
  ];
  static properties = { imported: { state: true } };

  constructor() {
    super();
    /** Counts what was imported, so that the list is read again. */
    this.imported = 0;
    new Listening(this, [[session, 'change']]);
    document.title = `${t('title')} · Contreseing`;
  }

  /** @override */
  render() {
    return html`
      <header>
        <strong>Contreseing</strong>
        <button class="plain" @click=${() => choose(language === 'fr' ? 'en' : 'fr')}>${t('language')}</button>
      </header>
      <main class="stack">
        <p><a href="/app">${t('back')}</a></p>
        <h1>${t('title')}</h1>
        ${session.stay === null
          ? notice('warn', html`${t('sign_in')} <a href="/app">${t('sign_in.go')}</a>`)
          : html`<ct-certificate-form @imported=${() => (this.imported += 1)}></ct-certificate-form>
              <ct-kept-keys .imported=${this.imported}></ct-kept-keys>`}
      </main>
    `;
  }
}

customElements.define('ct-certificate-file', Frame);
