// What the person does on their reader: its keys drawn, the one to press marked, the steps in the bank's own words.

import { css, html, nothing, svg } from 'lit';
import { spaced } from '../../shared/spacing.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ReaderContent} Reader */

export const readerSheet = css`
  .reader {
    display: grid;
    gap: var(--gap);
    grid-template-columns: 88px minmax(0, 1fr);
    align-items: start;
  }
  .reader svg {
    width: 100%;
    height: auto;
  }
  .reader .body {
    fill: var(--card);
    stroke: var(--soft-ink);
    stroke-width: 2;
  }
  .reader .glass {
    fill: var(--brand-wash);
    stroke: var(--soft-ink);
  }
  .reader .key {
    fill: var(--paper);
    stroke: var(--soft-ink);
  }
  .reader .pressed {
    fill: var(--brand);
    stroke: var(--brand);
  }
  .reader text {
    font: 600 9px system-ui, sans-serif;
    fill: var(--ink);
    text-anchor: middle;
  }
  .reader text.on {
    fill: var(--on-brand);
  }
  .reader ol {
    margin: 0;
    padding-left: 1.4em;
    display: grid;
    gap: 8px;
  }
  .digits {
    font-size: 1.75rem;
    white-space: nowrap;
    font-weight: 700;
    letter-spacing: 0.12em;
    font-variant-numeric: tabular-nums;
  }
  @media (max-width: 359px) {
    .reader {
      grid-template-columns: minmax(0, 1fr);
    }
    .reader svg {
      max-width: 120px;
    }
  }
`;

/** @param {Reader} reader */
export function readerSteps(reader) {
  const key = reader.mode === 'identify' ? 'CODE' : 'SIGN';
  return html`
    <div class="reader">
      ${drawing(key)}
      <ol>
        ${reader.steps.map((step) => html`<li>${spaced(step)}</li>`)}
      </ol>
    </div>
    ${reader.digits === ''
      ? nothing
      : html`<p>${t('reader.digits')}<br /><span class="digits">${grouped(reader.digits)}</span></p>`}
  `;
}

/**
 * The purpose digit apart, the rest by fours: as one reads them out.
 * @param {string} digits
 */
function grouped(digits) {
  return `${digits.slice(0, 1)} ${digits.slice(1).replace(/(.{4})(?=.)/g, '$1 ')}`.trim();
}

/** @param {'CODE' | 'SIGN'} pressed */
function drawing(pressed) {
  const numbers = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'C', '0', 'OK'];
  return html`
    <svg viewBox="0 0 120 190" role="img" aria-label=${t('reader.drawing', { key: pressed })}>
      <rect class="body" x="4" y="4" width="112" height="182" rx="14" />
      <rect class="glass" x="16" y="18" width="88" height="34" rx="5" />
      ${functionKey('CODE', 16, pressed)} ${functionKey('SIGN', 64, pressed)}
      ${numbers.map((label, at) => numberKey(label, 16 + (at % 3) * 31, 88 + Math.floor(at / 3) * 23))}
    </svg>
  `;
}

/**
 * @param {string} label
 * @param {number} x
 * @param {string} pressed
 */
function functionKey(label, x, pressed) {
  const on = label === pressed;
  return svg`
    <rect class=${on ? 'pressed' : 'key'} x=${x} y="60" width="40" height="20" rx="5" />
    <text class=${on ? 'on' : ''} x=${x + 20} y="73.5">${label}</text>
  `;
}

/**
 * @param {string} label
 * @param {number} x
 * @param {number} y
 */
function numberKey(label, x, y) {
  return svg`
    <rect class="key" x=${x} y=${y} width="26" height="18" rx="4" />
    <text x=${x + 13} y=${y + 12.5}>${label}</text>
  `;
}
