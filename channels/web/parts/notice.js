// Something the person should know: `bad` is said at once, the others when the reader is free.

import { html, nothing } from 'lit';

/**
 * @param {'good' | 'warn' | 'bad' | 'plain'} kind
 * @param {unknown} text nothing is shown where there is none
 */
export function notice(kind, text) {
  if (!text) return nothing;
  return html`<div class="notice ${kind}" role=${kind === 'bad' ? 'alert' : 'status'}>${text}</div>`;
}
