// The interface as the widget calls it: its login is in this frame's memory alone, and is begun again by the host.

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('../wire.js').Http.SignedInContent} SignedIn */

import { Api, Problem } from '../shared/api.js';

const NOT_VOUCHED = {
  type: 'urn:contreseing:problem:not_authenticated',
  title: 'Not vouched for',
  status: 401,
  detail: 'the page gave no token',
  code: 'not_authenticated',
};
const OVER = new Set(['not_authenticated', 'login_ended']);

/** Fires `entered` whenever a stay begins. */
export class GuestApi extends Api {
  /** @type {string | null} */
  #token = null;
  /** @type {Promise<void> | null} */
  #entering = null;

  /** @param {Host} host */
  constructor(host) {
    super('widget');
    this.host = host;
  }

  /** Come in by the host's word; those who ask meanwhile wait for the same. Throws Problem, Unreachable. */
  enter() {
    this.#entering ??= this.#enter().finally(() => (this.#entering = null));
    return this.#entering;
  }

  async #enter() {
    this.#token = null;
    const { token, verifier } = await this.host.vouch();
    if (token === null) throw new Problem(NOT_VOUCHED);
    const shown = { token, host: this.host.origin, verifier };
    const entered = /** @type {SignedIn} */ (await super.ask('POST', '/v1/widget/sessions', shown));
    this.#token = entered.token ?? null;
    this.dispatchEvent(new Event('entered'));
  }

  /**
   * A stay that ended in the middle of something is begun again, and what was asked is asked once more.
   * @override
   * @param {Parameters<Api['ask']>} asked
   * @returns {Promise<any>}
   */
  async ask(...asked) {
    if (this.#token === null) await this.enter();
    try {
      return await super.ask(...asked);
    } catch (error) {
      if (!(error instanceof Problem) || !OVER.has(error.code)) throw error;
      await this.enter();
      return super.ask(...asked);
    }
  }

  /**
   * @override
   * @returns {Record<string, string>}
   */
  credentials() {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }
}
