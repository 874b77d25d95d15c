// The approvals that wait for the person's signature, live.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Listening } from '../../parts/listening.js';
import { notice } from '../../parts/notice.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { distance } from '../../shared/format.js';
import { stream, waiting } from '../here.js';
import { offerDevice } from '../mine/first_device.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */

const TICK = 15_000; // milliseconds: what is left is told by minutes until the last one

export class Approvals extends Screen {
  static properties = { ...Screen.properties, problem: { state: true }, isEnrolled: { state: true } };
  static styles = [
    sheet,
    css`
      li a {
        display: grid;
        gap: 4px;
        color: inherit;
        text-decoration: none;
        content-visibility: auto;
        contain-intrinsic-size: auto 108px;
      }
      li a:hover {
        border-color: var(--brand);
      }
      .figures::first-letter {
        text-transform: uppercase;
      }
      .figures {
        font-size: 1.25rem;
        font-weight: 700;
      }
    `,
  ];

  constructor() {
    super();
    this.problem = '';
    this.isEnrolled = false;
    new Listening(this, [
      [waiting, 'change'],
      [stream, 'state'], // the bank's clock is known from then on
    ]);
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.clock = setInterval(() => this.requestUpdate(), TICK);
  }

  /** @override */
  disconnectedCallback() {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  async #more() {
    try {
      await waiting.more();
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
  }

  /** @override */
  render() {
    const count = waiting.actions.size;
    return html`
      <div class="stack">
        <h1>${t('approvals')}</h1>
        ${notice('bad', this.problem)} ${notice('good', this.isEnrolled ? t('device.enrolled') : '')}
        ${offerDevice(() => (this.isEnrolled = true))}
        <p class="soft" aria-live="polite">${waiting.isNew ? t('loading') : this.#told(count)}</p>
        <ul class="plain stack">
          ${repeat(
            waiting.actions.values(),
            (action) => action.id,
            (action) => row(action),
          )}
        </ul>
        ${waiting.next === null ? nothing : html`<button @click=${this.#more}>${t('more')}</button>`}
      </div>
    `;
  }

  /** @param {number} count */
  #told(count) {
    if (count === 0) return t('approvals.none');
    return waiting.next === null ? t('approvals.count', { count }) : t('approvals.first', { count });
  }
}

/** @param {Action} action */
function row(action) {
  const [first, second] = action.statement.lines;
  return html`
    <li>
      <a class="card" href="/app/approvals/${action.id}">
        <span class="soft small">${action.statement.title}</span>
        <span class="figures"><bdi>${first?.value}</bdi></span>
        <span><span class="soft">${second?.label}</span> <bdi>${second?.value}</bdi></span>
        <span class="soft small">${t('approvals.until', { when: distance(action.expires, stream.now()) })}</span>
      </a>
    </li>
  `;
}

customElements.define('ct-approvals', Approvals);
