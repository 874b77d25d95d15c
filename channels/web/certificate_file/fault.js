// Why a file gives this browser no key; the catalogue has the words for each.

/**
 * @typedef {'too_large' | 'not_pkcs12' | 'wrong_password' | 'unsupported' | 'no_key' | 'no_certificate' | 'several' | 'unfit'
 *   | 'weak'} Why
 */

export class Fault extends Error {
  /** @param {Why} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}
