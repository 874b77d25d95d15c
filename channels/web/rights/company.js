// Whom and what of their own company somebody may name in a form.

/** @typedef {import('../wire.js').Http.UserContent} User */
/** @typedef {import('../wire.js').Http.AccountContent} Account */
/** @typedef {import('../shared/api.js').Api} Api */

const COMPANY = '/v1/subscriptions/mine';
const MOST = 100; // of a page, as the bank gives them

/** Throws Problem, Unreachable. @param {Api} api @returns {Promise<readonly User[]>} those who are active, by number */
export async function people(api) {
  /** @type {User[]} */
  const known = [];
  /** @type {string | undefined} */
  let after;
  do {
    const query = { status: 'active', limit: MOST, after };
    const page = /** @type {{ items: User[], next: string | null }} */ (await api.get(`${COMPANY}/people`, query));
    known.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return known;
}

/** Throws Problem, Unreachable. @param {Api} api @returns {Promise<readonly Account[]>} */
export async function accounts(api) {
  return /** @type {{ items: Account[] }} */ (await api.get(`${COMPANY}/accounts`)).items;
}

/** The people to choose from. @param {readonly User[]} known @param {string} none @returns {[string, string][]} */
export function options(known, none) {
  return [['', none], ...known.map(({ number, name }) => /** @type {[string, string]} */ ([number, `${number} · ${name}`]))];
}
