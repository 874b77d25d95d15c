// What a payment file holds, as the bank sums it up, and why one cannot be taken.

import { html } from 'lit';
import { statementLines } from '../parts/statement.js';
import { Problem } from '../shared/api.js';
import { Refused } from './opened.js';
import { said } from './saying.js';
import { t } from './words.js';

/** @param {Pick<import('../wire.js').Http.FileSummaryContent, 'actions' | 'sha256'>} summary */
export function told({ actions, sha256 }) {
  return html`
    ${actions.map(
      ({ title, lines }) => html`
        <div class="stack">
          <h3>${title}</h3>
          ${statementLines(lines, 'statement')}
        </div>
      `,
    )}
    <p class="soft small">${t('file.digest')} <bdi>${sha256.slice(0, 16)}</bdi></p>
  `;
}

/** A file of records has no type a browser knows. @param {File} file */
export function typed(file) {
  const isXml = /\.xml$/i.test(file.name) || file.type.endsWith('/xml');
  return file.slice(0, file.size, isXml ? 'application/xml' : 'text/plain');
}

/**
 * @param {unknown} error
 * @param {number} most MiB
 */
export function refusal(error, most) {
  const code = error instanceof Problem ? error.code : error instanceof Refused ? error.message : '';
  if (code === 'remittance_duplicate') return t('file.duplicate');
  if (code === 'payload_too_large') return t('file.large', { most });
  if (error instanceof Problem && error.content.status === 422) return t('file.wrong', { code });
  return said(error instanceof Refused ? new Error(code) : error);
}
