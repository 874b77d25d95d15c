// The words of the screens, from the catalogues: one file an area and a language, read when an area is first shown.
//
// A message may name values, `{name}`, and may be several by number: {"one": "{count} accès", "other": "…"}.

import { language, locale } from './language.js';
import { once } from './once.js';
import { spaced } from './spacing.js';

/** @typedef {string | { one: string, other: string }} Message */
/** @typedef {Record<string, string | number>} Values */
/** @typedef {{ default: Record<string, Message> }} Words */

const plural = once(() => new Intl.PluralRules(locale));
const number = once(() => new Intl.NumberFormat(locale));

/**
 * Return what says the messages of an area in the person's language; a message nobody wrote is an error.
 * @template {{ default: Record<string, Message> }} W
 * @param {{ fr: () => Promise<W>, en: () => Promise<Words> }} files
 * @returns {Promise<(key: keyof W['default'] & string, values?: Values) => string>}
 */
export async function area(files) {
  const words = /** @type {Record<string, Message>} */ ((await files[language]()).default);
  return (key, values = {}) => spaced(filled(counted(key, words[key], values), values));
}

/**
 * @param {string} key
 * @param {Message | undefined} message
 * @param {Values} values
 */
function counted(key, message, values) {
  if (message === undefined) throw new Error(`no words for ${key}`);
  if (typeof message === 'string') return message;
  return plural().select(Number(values.count)) === 'one' ? message.one : message.other;
}

/**
 * @param {string} text
 * @param {Values} values
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => written(values[name] ?? ''));
}

/** @param {string | number} value */
function written(value) {
  return typeof value === 'number' ? number().format(value) : value;
}
