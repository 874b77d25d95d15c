// Whom a portfolio may be given to: whoever serves companies and has not left.

/** @typedef {import('../../wire.js').Http.AdviserContent} Adviser */

/**
 * @param {readonly Adviser[]} advisers
 * @returns {(readonly [string, string])[]} number, and what names the person
 */
export function successors(advisers) {
  return advisers
    .filter(({ role, status }) => role !== 'auditor' && status !== 'left')
    .map(({ number, name }) => /** @type {const} */ ([number, `${name} (${number})`]));
}
