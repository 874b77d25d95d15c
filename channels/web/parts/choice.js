// A choice of a few, with its label.

import { html, nothing } from 'lit';

/**
 * @typedef {object} Choice
 * @property {string} name
 * @property {string} label
 * @property {string} value
 * @property {ReadonlyArray<readonly [string, string]>} options value and words
 * @property {(value: string) => void} change
 * @property {string | undefined} [error] what is wrong and what to do; said at once
 */

/** @param {Choice} choice */
export function choice({ name, label, value, options, change, error }) {
  const changed = (/** @type {Event & { target: HTMLSelectElement }} */ event) => change(event.target.value);
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      <select
        id=${name}
        name=${name}
        aria-describedby=${error ? `${name}-error` : nothing}
        aria-invalid=${error ? 'true' : nothing}
        @change=${changed}
      >
        ${options.map(([key, words]) => html`<option value=${key} ?selected=${key === value}>${words}</option>`)}
      </select>
      <span class="error" id="${name}-error" role="alert">${error ?? nothing}</span>
    </div>
  `;
}
