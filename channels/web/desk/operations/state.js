// Where an operation stands: in words, with a mark of its colour; the figures draw with the same colours.

import { css, html } from 'lit';
import { t } from './words.js';

/** @typedef {import('../../wire.js').Http.ActionContent['status']} State */

export const stateSheet = css`
  .state {
    font-weight: 600;
  }
  .state svg {
    width: 0.75em;
    height: 0.75em;
  }
  .pending {
    --mark: var(--warn);
  }
  .approved,
  .released {
    --mark: var(--good);
  }
  .rejected,
  .failed {
    --mark: var(--bad);
  }
  .withdrawn,
  .expired {
    --mark: var(--soft-ink);
  }
  .mark {
    fill: var(--mark, var(--brand));
  }
`;

/** @param {State} state */
export function stateMark(state) {
  return html`
    <span class="state ${state}">
      <svg viewBox="0 0 10 10" aria-hidden="true"><circle class="mark" cx="5" cy="5" r="5"></circle></svg>
      ${t(`state.${state}`)}
    </span>
  `;
}
