// An authority's entry as it is typed, from what the bank keeps and to what an act asks for. Pure.

/** @typedef {import('../../wire.js').Http.AuthorityContent} Authority */
/** @typedef {Authority['uses'][number]} Use */
/** @typedef {Authority['policies'][string]} Level */
/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} certificate its own, pasted; of an authority accepted already it is never sent again
 * @property {ReadonlyArray<{ policy: string, level: Level }>} policies
 * @property {readonly Use[]} uses
 * @property {boolean} both_uses
 * @property {Authority['company_from']} company_from
 * @property {string} ocsp_url
 * @property {string} crl_url
 * @property {boolean} nonce
 */

/** @type {Entry} */
export const EMPTY = {
  name: '',
  certificate: '',
  policies: [{ policy: '', level: '**' }],
  uses: ['sign_in', 'approval'],
  both_uses: false,
  company_from: 'organization_identifier',
  ocsp_url: '',
  crl_url: '',
  nonce: false,
};

/**
 * @param {Authority} authority
 * @returns {Entry}
 */
export function entryOf({ name, policies, uses, both_uses, company_from, ocsp_url, crl_url, nonce }) {
  return {
    ...{ name, uses, both_uses, company_from, nonce },
    certificate: '',
    policies: Object.entries(policies).map(([policy, level]) => ({ policy, level })),
    ocsp_url: ocsp_url ?? '',
    crl_url: crl_url ?? '',
  };
}

/**
 * @param {Entry} entry
 * @param {string | null} authority its id where it is changed; null where it is accepted
 */
export function actOf({ certificate, ...entry }, authority) {
  const payload = {
    ...entry,
    policies: entry.policies.map(({ policy, level }) => ({ policy: policy.trim(), level })),
    both_uses: entry.both_uses ? 'yes' : 'no',
    nonce: entry.nonce ? 'yes' : 'no',
    ocsp_url: entry.ocsp_url.trim() || null,
    crl_url: entry.crl_url.trim() || null,
  };
  return authority === null
    ? { kind: 'authority_acceptance', payload: { ...payload, certificate } }
    : { kind: 'authority_change', payload: { ...payload, authority } };
}
