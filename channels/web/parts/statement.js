// What is signed, as the bank wrote it out from the facts: nothing is added, left out or put in another order.

import { css, html } from 'lit';

/** @typedef {import('../wire.js').Http.StatementContent} Statement */

export const statementSheet = css`
  .statement {
    display: grid;
    gap: 12px;
    margin: 0;
  }
  dd {
    margin: 0;
    font-size: 1.125rem;
    overflow-wrap: anywhere;
  }
  dd::first-letter {
    text-transform: uppercase;
  }
  .statement > div:nth-child(-n + 3) dd {
    font-size: 1.4rem;
    font-weight: 700;
    line-height: 1.25;
  }
`;

/** @param {Statement} statement */
export function statementCard(statement) {
  return html`
    <dl class="card statement">
      ${statement.lines.map(
        ({ label, value }) => html`
          <div>
            <dt class="soft small">${label}</dt>
            <dd><bdi>${value}</bdi></dd>
          </div>
        `,
      )}
    </dl>
  `;
}
