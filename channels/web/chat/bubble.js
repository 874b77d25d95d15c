// One message, by its kind: words, an answer, suggestions, what became of the conversation, the card of an action.

import { css, html, nothing } from 'lit';
import { moment } from '../shared/format.js';
import { spaced } from '../shared/spacing.js';
import { t } from './words.js';

/** @typedef {import('./thread.js').Message} Message */
/** @typedef {import('./thread.js').Thread} Thread */
/**
 * @typedef {object} Around what a message may call on
 * @property {Thread} thread
 * @property {(id: string) => unknown} signing
 * @property {(question: string) => void} ask
 * @property {(kind: string) => void} start
 * @property {(event: CustomEvent<string>) => void} started an action's id
 */

export const bubbles = css`
  .bubble {
    display: grid;
    gap: 4px;
    justify-self: start;
    max-width: min(46rem, 88%);
    padding: 10px 14px;
    border-radius: var(--radius);
    background: var(--card);
    border: 1px solid var(--line);
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .bubble.mine {
    justify-self: end;
    background: var(--brand-wash);
  }
  .bubble.wide {
    width: 100%;
    max-width: 100%;
    white-space: normal;
  }
  .noted {
    justify-self: center;
    text-align: center;
    text-wrap: balance;
  }
`;

/**
 * @param {Message} message
 * @param {Around} around
 */
export function bubble(message, around) {
  if (message.kind === 'notice') return noted(message);
  const isMine = message.author === around.thread.side;
  const isCard = message.kind === 'action' || message.kind === 'file';
  return html`<article class="bubble ${isMine ? 'mine' : ''} ${isCard ? 'wide' : ''}">
    <p class="small soft"><bdi>${author(message, isMine)}</bdi> · ${moment(message.at)}</p>
    ${content(message, around)}
    ${isMine && message.n === lastRead(around.thread) ? html`<p class="small soft">${t('chat.read')}</p>` : nothing}
  </article>`;
}

/** @param {Message} message */
function noted({ subject, at }) {
  return html`<p class="noted small soft">${t(/** @type {any} */ (`notice.${subject}`))} · ${moment(at)}</p>`;
}

/**
 * @param {Message} message
 * @param {boolean} isMine
 */
function author({ author: who, name }, isMine) {
  if (isMine) return t('assistant.you');
  return who === 'assistant' ? t('chat.assistant') : (name ?? t('chat.somebody'));
}

/**
 * @param {Message} message
 * @param {Around} around
 */
function content(message, { thread, signing, ask, start, started }) {
  const isPerson = thread.side === 'person';
  switch (message.kind) {
    case 'suggestions':
      return html`<p>${t('chat.unsure')}</p>
        ${isPerson
          ? message.choices.map(({ question }) => html`<button type="button" @click=${() => ask(question)}>${spaced(question)}</button>`)
          : nothing}`;
    case 'action':
      return html`<ct-action-card
          .api=${thread.api}
          .stream=${thread.stream}
          .path=${isPerson ? `/v1/actions/${message.action}` : `${thread.path}/actions/${message.action}`}
          .action=${message.action}
        ></ct-action-card>
        ${isPerson ? signing(/** @type {string} */ (message.action)) : nothing}`;
    case 'file':
      return html`<ct-offered .thread=${thread} .file=${message.subject} @started=${started}></ct-offered>`;
    default:
      return html`<p dir="auto">${spaced(message.text)}</p>
        ${isPerson && message.starts !== null
          ? html`<div><button type="button" @click=${() => start(/** @type {string} */ (message.starts))}>${t('start')}</button></div>`
          : nothing}`;
  }
}

/** The last of one's own messages that the other side has read. @param {Thread} thread */
function lastRead({ messages, side, readByOther }) {
  return messages.findLast(({ author: who, n }) => who === side && n <= readByOther)?.n;
}
