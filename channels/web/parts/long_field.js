// A field of several lines, with its label, its hint and what is wrong with it: for what is pasted.

import { css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { whole } from './whole.js';

export const longFieldSheet = css`
  textarea {
    font-family: ui-monospace, monospace;
    font-size: 0.875rem;
    resize: vertical;
  }
`;

/**
 * @typedef {object} LongField
 * @property {string} name
 * @property {string} label
 * @property {string} hint
 * @property {string} value
 * @property {number} most characters; the browser cuts what is longer
 * @property {(value: string) => void} input
 * @property {string | undefined} [error]
 */

/** @param {LongField} field */
export function longField({ name, label, hint, value, most, input, error }) {
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      <span class="soft small" id="${name}-hint">${hint}</span>
      <textarea
        id=${name}
        name=${name}
        rows="6"
        maxlength=${most}
        required
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        aria-describedby=${error ? `${name}-hint ${name}-error` : `${name}-hint`}
        aria-invalid=${error ? 'true' : nothing}
        .value=${live(value)}
        @beforeinput=${whole}
        @input=${(/** @type {InputEvent & { target: HTMLTextAreaElement }} */ event) => input(event.target.value)}
      ></textarea>
      <span class="error" id="${name}-error" role="alert">${error ?? nothing}</span>
    </div>
  `;
}
