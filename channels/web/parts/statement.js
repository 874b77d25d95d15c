// What is signed, as the bank wrote it out from the facts: nothing is added, left out or put in another order.

import { css, html } from 'lit';
import { spaced } from '../shared/spacing.js';

/** @typedef {import('../wire.js').Http.StatementContent} Statement */
/** @typedef {Statement['lines']} Lines */

export const statementSheet = css`
  dl {
    display: grid;
    gap: 12px;
    margin: 0;
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  dd::first-letter {
    text-transform: uppercase;
  }
  .statement dd {
    font-size: 1.125rem;
  }
  .statement > div:nth-child(-n + 3) dd {
    font-size: 1.4rem;
    font-weight: 700;
    line-height: 1.25;
  }
  .brief > div {
    display: grid;
    grid-template-columns: 6rem minmax(0, 1fr);
    gap: 12px;
    align-items: baseline;
  }
  .brief {
    gap: 2px;
  }
`;

/** @param {Statement} statement */
export const statementCard = ({ lines }) => statementLines(lines, 'card statement');

/**
 * @param {Lines} lines
 * @param {'card statement' | 'statement' | 'brief'} how `brief` has each label beside its value
 */
export function statementLines(lines, how) {
  return html`
    <dl class=${how}>
      ${lines.map(
        ({ label, value }) => html`
          <div>
            <dt class="soft small">${label}</dt>
            <dd><bdi>${spaced(value)}</bdi></dd>
          </div>
        `,
      )}
    </dl>
  `;
}
