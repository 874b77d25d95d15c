// The screen that enrols a further device by a QR code.

import { css, html } from 'lit';
import { sheet } from '../../parts/sheet.js';
import { Offering } from './offering.js';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.OfferedEnrolmentContent} Offered */

/** @extends {Offering<Offered>} */
export class OfferEnrolment extends Offering {
  static styles = [
    sheet,
    css`
      img {
        width: min(100%, 280px);
        background: #fff;
        border-radius: 8px;
        justify-self: center;
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super('offer', '/v1/enrolments');
  }

  /**
   * @override
   * @param {Offered} offered
   */
  code({ qr, ticket }) {
    return html`
      <p>${t('offer.scan')}</p>
      <img src="data:image/svg+xml,${encodeURIComponent(qr)}" alt=${t('offer.qr')} />
      <details>
        <summary>${t('offer.no_camera')}</summary>
        <p>${t('offer.type')}</p>
        <code>${ticket}</code>
      </details>
    `;
  }
}

customElements.define('ct-offer-enrolment', OfferEnrolment);
