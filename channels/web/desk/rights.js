// What the role of whoever is in allows, so that nothing else is offered; the bank decides all the same.

import { api } from './here.js';

/** @typedef {import('../wire.js').Http.AdviserContent} Adviser */
/**
 * @typedef {object} Rights
 * @property {boolean} serves asks for acts on companies
 * @property {boolean} staffs asks for advisers, portfolios and authorities to be changed
 */

/** @type {Rights} */
export const NONE = { serves: false, staffs: false };

/** @returns {Promise<Rights>} */
export async function myRights() {
  const { role } = /** @type {Adviser} */ (await api.get('/v1/advisers/me'));
  return { serves: role !== 'auditor', staffs: role === 'supervisor' };
}
