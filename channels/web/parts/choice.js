// A choice of a few, with its label.

import { html } from 'lit';

/**
 * @typedef {object} Choice
 * @property {string} name
 * @property {string} label
 * @property {string} value
 * @property {ReadonlyArray<readonly [string, string]>} options value and words
 * @property {(value: string) => void} change
 */

/** @param {Choice} choice */
export function choice({ name, label, value, options, change }) {
  const changed = (/** @type {Event & { target: HTMLSelectElement }} */ event) => change(event.target.value);
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      <select id=${name} name=${name} @change=${changed}>
        ${options.map(([key, words]) => html`<option value=${key} ?selected=${key === value}>${words}</option>`)}
      </select>
    </div>
  `;
}
