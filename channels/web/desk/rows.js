// How the desk's lists look: rows that lead somewhere, and what may be asked for, side by side.

import { css } from 'lit';

export const linksSheet = css`
  li a {
    display: grid;
    gap: 4px;
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
    color: inherit;
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  li a:hover {
    border-color: var(--brand);
  }
`;

export const actsSheet = css`
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: start;
  }
`;
