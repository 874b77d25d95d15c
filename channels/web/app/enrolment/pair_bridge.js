// The screen that pairs a PC's card bridge: shows the command to type there, with its code.

import { css, html } from 'lit';
import { sheet } from '../../parts/sheet.js';
import { distance } from '../../shared/format.js';
import { stream } from '../here.js';
import { Offering } from './offering.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.OfferedPairingContent} Offered */

/** @extends {Offering<Offered>} */
export class PairBridge extends Offering {
  static styles = [
    sheet,
    css`
      code {
        padding: 12px;
        border-radius: 10px;
        background: var(--brand-wash);
        font-size: 1rem;
        overflow-wrap: anywhere;
        user-select: all;
      }
    `,
  ];

  constructor() {
    super('pair', '/v1/pairings');
  }

  /**
   * @override
   * @param {Offered} offered
   */
  code({ code, expires }) {
    return html`
      <p>${t('pair.type')}</p>
      <code>contreseing-bridge pair ${location.origin} ${code}</code>
      <p>${t('pair.then')}</p>
      <p class="soft small">${t('pair.until', { when: distance(expires, stream.now()) })}</p>
    `;
  }
}

customElements.define('ct-pair-bridge', PairBridge);
