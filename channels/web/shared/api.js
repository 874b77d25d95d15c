// The HTTP interface as the screens call it: the login is a cookie no script reads, the CSRF token is in memory.

/** @typedef {import('../wire.js').Http.Problem} ProblemContent */
/** @typedef {Record<string, string | number | undefined>} Query */

/** The bank said no: RFC 9457. Branch on `code`. */
export class Problem extends Error {
  /** @param {ProblemContent} content */
  constructor(content) {
    super(content.code);
    this.code = content.code;
    this.content = content;
  }
}

/** The bank was not reached: nothing is known of what was asked. */
export class Unreachable extends Error {}

const SIGNED_OUT = new Set(['not_authenticated', 'login_ended', 'person_locked']);

/** Fires `signed-out` (detail: the code) when an answer says that the login is over. */
export class Api extends EventTarget {
  /** @type {string | null} */
  csrf = null;

  /** @param {'app' | 'desk' | 'widget'} client which of the house's pages asks; each has a login of its own */
  constructor(client) {
    super();
    this.client = client;
  }

  /**
   * @template T
   * @param {string} path
   * @param {Query} [query]
   * @returns {Promise<T>}
   */
  get(path, query = {}) {
    const wanted = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    const search = new URLSearchParams(wanted).toString();
    return this.ask('GET', search === '' ? path : `${path}?${search}`, undefined, {});
  }

  /**
   * @template T
   * @param {string} path
   * @param {object} [body]
   * @param {{ key?: string }} [options] `key`: the Idempotency-Key of what must not be done twice
   * @returns {Promise<T>}
   */
  post(path, body, { key } = {}) {
    return this.ask('POST', path, body, key === undefined ? {} : { 'Idempotency-Key': key });
  }

  /**
   * @template T
   * @param {string} path
   * @returns {Promise<T>}
   */
  delete(path) {
    return this.ask('DELETE', path, undefined, {});
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body] sent as JSON, but for a Blob: that goes as it is, of its own type
   * @param {Record<string, string>} [headers]
   */
  async ask(method, path, body, headers) {
    const response = await this.#answered(method, path, body, headers);
    return response.status === 204 ? null : response.json();
  }

  /**
   * The bytes as the bank sends them: for a file that is kept.
   * @param {string} path
   * @returns {Promise<Blob>}
   */
  async file(path) {
    return (await this.#answered('GET', path, undefined, {})).blob();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   */
  async #answered(method, path, body, headers) {
    const response = await this.#fetched(path, {
      method,
      headers: {
        ...this.credentials(method),
        ...(body === undefined ? {} : { 'Content-Type': body instanceof Blob ? body.type : 'application/json' }),
        ...headers,
      },
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  /**
   * What shows who asks.
   * @param {string} method
   * @returns {Record<string, string>}
   */
  credentials(method) {
    return {
      'Contreseing-Client': this.client,
      ...(method !== 'GET' && this.csrf !== null ? { 'Contreseing-CSRF': this.csrf } : {}),
    };
  }

  /**
   * @param {string} path
   * @param {RequestInit} request
   */
  async #fetched(path, request) {
    try {
      return await fetch(path, request);
    } catch (error) {
      throw new Unreachable(path, { cause: error });
    }
  }

  /** @param {Response} response */
  async #refusal(response) {
    if (!response.headers.get('Content-Type')?.startsWith('application/problem+json')) {
      return new Unreachable(`status ${response.status}`); // a proxy in front speaks, not the bank
    }
    const problem = new Problem(await response.json());
    if (this.csrf !== null && SIGNED_OUT.has(problem.code)) this.#end(problem.code);
    return problem;
  }

  /** @param {string} code */
  #end(code) {
    this.csrf = null;
    this.dispatchEvent(new CustomEvent('signed-out', { detail: code }));
  }
}
