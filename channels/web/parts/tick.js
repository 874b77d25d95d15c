// A box to tick, with its words.

import { css, html } from 'lit';

export const tickSheet = css`
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 8px 16px;
    border: 1px solid var(--line);
    border-radius: 10px;
  }
`;

/** @param {{ name: string, label: string, checked: boolean, change: (checked: boolean) => void }} tick */
export function tick({ name, label, checked, change }) {
  const changed = (/** @type {Event & { target: HTMLInputElement }} */ event) => change(event.target.checked);
  return html`<label class="tick"><input type="checkbox" name=${name} .checked=${checked} @change=${changed} />${label}</label>`;
}
