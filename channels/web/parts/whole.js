// What is pasted or dropped into a field goes in whole or not at all, and the limit is said: half a text says something else.

import en from '../catalogues/parts/en.json';
import fr from '../catalogues/parts/fr.json';
import { language, locale } from '../shared/language.js';

// Both languages are in every page: two sentences weigh less than files of their own.
const WORDS = { fr, en }[language];

/**
 * Hear `beforeinput` of a field with a `maxlength`. What has white space too much at its ends is left to the browser to cut.
 * @param {InputEvent & { target: HTMLInputElement | HTMLTextAreaElement }} event
 */
export function whole(event) {
  const { data, target: field } = event;
  field.parentElement?.querySelector('.limit')?.remove();
  const room = field.maxLength - field.value.length + (field.selectionEnd ?? 0) - (field.selectionStart ?? 0);
  const length = data?.trim().length ?? 0;
  if (length < 2 || length <= room) return; // a single key is stopped by the browser, as ever
  event.preventDefault();
  const said = document.createElement('span');
  said.className = 'error limit';
  said.role = 'alert';
  said.textContent = WORDS.too_long.replace('{count}', field.maxLength.toLocaleString(locale));
  field.after(said);
}
