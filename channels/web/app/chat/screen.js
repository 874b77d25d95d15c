// The person's conversation with the bank; what is started in it is signed in it, under its card.

import { html } from 'lit';
import '../../chat/conversation.js';
import { Thread } from '../../chat/thread.js';
import { t } from '../../chat/words.js';
import { Screen } from '../../parts/screen.js';
import { api, stream } from '../here.js';
import './signing.js';

export class ChatScreen extends Screen {
  constructor() {
    super();
    this.thread = new Thread(api, stream);
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <h1>${t('chat.title')}</h1>
        <ct-chat .thread=${this.thread} .signing=${signing}></ct-chat>
        <p><a href="/app/help">${t('chat.help')}</a></p>
      </div>
    `;
  }
}

/** @param {string} action */
const signing = (action) => html`<ct-signing .action=${action}></ct-signing>`;

customElements.define('ct-chat-screen', ChatScreen);
