// A list whose lines have words on one side and what can be done about them on the other.

import { css } from 'lit';

export const rowsSheet = css`
  li {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 8px 0;
  }
  li + li {
    border-top: 1px solid var(--line);
  }
  li > div {
    flex: 1 1 12rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }
`;
