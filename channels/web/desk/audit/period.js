// Days as people choose them, and the moments the bank searches between. Pure.

import { isoDay } from '../../shared/format.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The first moment of a day in Paris, one or two hours ahead of UTC.
 * @param {string} day YYYY-MM-DD
 * @returns {number | undefined} milliseconds UTC; undefined where no day is chosen
 */
export function beginning(day) {
  const midnight = Date.parse(day);
  return [2, 1].map((hours) => midnight - hours * HOUR).find((at) => !Number.isNaN(at) && isoDay(at) === day);
}

/**
 * The first moment past it.
 * @param {string} day YYYY-MM-DD
 */
export function end(day) {
  const next = Date.parse(day) + DAY;
  return Number.isNaN(next) ? undefined : beginning(new Date(next).toISOString().slice(0, 10));
}
