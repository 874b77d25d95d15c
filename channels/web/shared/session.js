// Who is signed in on this page: comes in, is found again after a reload, goes.

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../wire.js').Http.PersonContent} Person */
/** @typedef {import('../wire.js').Http.LoginContent} Login */
/** @typedef {{ login: Login, user: Person }} Stay */

import { Problem } from './api.js';

/** Fires `change` whenever somebody comes in or goes. */
export class Session extends EventTarget {
  /** @type {Stay | null} */
  stay = null;

  /** Why the last stay ended without the person's asking: a code of the wire. @type {string | null} */
  ended = null;

  /**
   * @param {Api} api
   * @param {Promise<unknown>} [ready] nobody is in before that
   */
  constructor(api, ready) {
    super();
    this.api = api;
    this.ready = ready;
    api.addEventListener('signed-out', (event) => this.#leave(/** @type {CustomEvent<string>} */ (event).detail));
  }

  /** Find the login again after a reload: nobody is kept signed in by it. Throws Unreachable. */
  async resume() {
    try {
      await this.#enter(await this.api.get('/v1/sessions/here'));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (this.stay !== null) this.#leave(error.code);
    }
  }

  /**
   * Sign in by one of the ways in. Throws Problem, Unreachable.
   * @param {string} path
   * @param {object} form
   */
  async signIn(path, form) {
    await this.#enter(await this.api.post(path, form));
  }

  async signOut() {
    if (this.stay === null) return;
    await this.api.delete(`/v1/sessions/${this.stay.login.id}`);
    this.#leave(null);
  }

  /** @param {Stay & { csrf: string }} found */
  async #enter({ login, user, csrf }) {
    await this.ready;
    this.api.csrf = csrf;
    this.stay = { login, user };
    this.ended = null;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string | null} why */
  #leave(why) {
    this.api.csrf = null;
    this.stay = null;
    this.ended = why;
    this.dispatchEvent(new Event('change'));
  }
}
