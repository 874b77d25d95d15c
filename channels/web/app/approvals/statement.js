// What is signed, as the bank wrote it out from the facts: nothing is added, left out or put in another order.

import { html } from 'lit';

/** @typedef {import('../../wire.js').Http.StatementContent} Statement */

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
