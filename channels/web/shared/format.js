// Amounts, days, times and account numbers, as the person's language writes them.

import { locale } from './language.js';
import { once } from './once.js';
import { spaced } from './spacing.js';

const day = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Paris' }));
const dayAndTime = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Paris' }));
const clock = once(() => new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'Europe/Paris' }));
const iso = once(() => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Europe/Paris' })); // Swedish writes days so
const ago = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));

/** @param {number} at milliseconds UTC */
export const date = (at) => spaced(day().format(at));

/**
 * The day in Paris, YYYY-MM-DD, as the wire and date fields write it.
 * @param {number} at milliseconds UTC
 */
export const isoDay = (at) => iso().format(at);

/** @param {number} at milliseconds UTC */
export const moment = (at) => spaced(dayAndTime().format(at));

/** @param {number} at milliseconds UTC */
export const time = (at) => clock().format(at);

/**
 * An amount in minor units: cents where the currency has two.
 * @param {number} amount
 * @param {string} currency ISO 4217
 */
export function minorMoney(amount, currency) {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** @param {string} iban */
export const groupedIban = (iban) => iban.replace(/(.{4})(?=.)/g, '$1 ');

const UNITS = /** @type {const} */ ([
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]);

/**
 * How long until then, or since: `in 4 minutes`, `yesterday`.
 * @param {number} at milliseconds UTC
 * @param {number} now milliseconds UTC
 */
export function distance(at, now) {
  const away = at - now;
  const [unit, length] = UNITS.find(([, each]) => Math.abs(away) >= each) ?? UNITS[3];
  return ago().format(Math.trunc(away / length), unit);
}
