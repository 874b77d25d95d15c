// Figures with a bar drawn beside each: a table for whoever reads it, a picture for whoever looks.

import { css, html, svg } from 'lit';

export const pictureSheet = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  caption {
    text-align: left;
    font-size: 1.2rem;
    font-weight: 700;
    padding-bottom: 8px;
  }
  th {
    text-align: left;
    font-weight: 400;
    width: 48%;
    overflow-wrap: anywhere;
  }
  th,
  td {
    padding: 6px 8px 6px 0;
    vertical-align: middle;
  }
  td.figures {
    text-align: right;
    font-weight: 700;
    width: 4.5rem;
  }
  td.bar {
    padding: 0;
  }
  td svg {
    display: block;
    width: 100%;
    height: 20px;
  }
  .ground {
    fill: var(--line);
    opacity: 0.35;
  }
`;

/**
 * @typedef {object} Line
 * @property {string} words
 * @property {number} count
 * @property {string} [look] class that gives the bar its colour
 */

/**
 * @param {string} caption
 * @param {readonly Line[]} lines
 * @param {(count: number) => string} written
 */
export function picture(caption, lines, written) {
  const most = Math.max(1, ...lines.map(({ count }) => count));
  return html`
    <div class="card">
      <table>
        <caption>
          ${caption}
        </caption>
        <tbody>
          ${lines.map(
            ({ words, count, look }) => html`
              <tr class=${look ?? ''}>
                <th scope="row">${words}</th>
                <td class="figures">${written(count)}</td>
                <td class="bar">${bar(count / most)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {number} share of the longest bar; what is there at all is seen */
function bar(share) {
  const width = share === 0 ? 0 : Math.max(2, Math.round(share * 100));
  return html`
    <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<rect class="ground" width="100" height="20"></rect><rect class="mark" width=${width} height="20"></rect>`}
    </svg>
  `;
}
