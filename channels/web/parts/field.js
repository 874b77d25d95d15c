// A field with its label, what helps to fill it, and what is wrong with it, tied together for every reader.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { whole } from './whole.js';

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string} value
 * @property {(value: string) => void} input told whatever is typed or pasted
 * @property {string} [hint]
 * @property {string | undefined} [error] what is wrong and what to do; said at once
 * @property {'text' | 'password' | 'search' | 'date'} [type]
 * @property {'numeric' | 'text'} [mode]
 * @property {string} [autocomplete] as HTML names it
 * @property {number} [most] characters
 * @property {boolean} [required]
 */

/** @param {Field} field */
export function field({ name, label, value, input, hint, error, type, mode, autocomplete, most, required }) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      ${hint ? html`<span class="soft small" id="${name}-hint">${hint}</span>` : nothing}
      <input
        id=${name}
        name=${name}
        type=${type ?? 'text'}
        inputmode=${mode ?? 'text'}
        autocomplete=${autocomplete ?? 'off'}
        maxlength=${most ?? 255}
        ?required=${required ?? true}
        spellcheck="false"
        autocapitalize="off"
        aria-describedby=${described || nothing}
        aria-invalid=${error ? 'true' : nothing}
        .value=${live(value)}
        @beforeinput=${whole}
        @input=${(/** @type {InputEvent & { target: HTMLInputElement }} */ event) => input(event.target.value)}
      />
      <span class="error" id="${name}-error" role="alert">${error ?? nothing}</span>
    </div>
  `;
}
