// The page around the frame: the one host our address names, heard and told by its exact origin and window.

/** @typedef {import('./look.js').Look} Look */

import { toBase64Url } from '../shared/base64.js';
import { checked } from './look.js';

/** Fires `look` (detail: Look) and `opened`. */
export class Host extends EventTarget {
  /** @type {Map<string, (token: string | null) => void>} */
  #asked = new Map();

  /** @param {string} origin the server gives this page to nobody else's frame */
  constructor(origin) {
    super();
    this.origin = origin;
    addEventListener('message', (event) => this.#hear(event));
  }

  /** @param {{ type: string } & Record<string, unknown>} message */
  tell(message) {
    window.parent.postMessage(message, this.origin);
  }

  /** Somebody listens here now: the host tells what it has to tell. */
  begin() {
    this.tell({ type: 'ready' });
  }

  /**
   * Ask the host to vouch for who is signed in there: null where it does not. The verifier never leaves this frame.
   * @returns {Promise<{ token: string | null, verifier: string }>}
   */
  async vouch() {
    const verifier = toBase64Url(crypto.getRandomValues(new Uint8Array(32)).buffer);
    const challenge = toBase64Url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
    const token = await new Promise((resolve) => {
      this.#asked.set(challenge, resolve);
      this.tell({ type: 'token', challenge });
    });
    return { token, verifier };
  }

  /** @param {MessageEvent} event */
  #hear({ origin, source, data }) {
    if (origin !== this.origin || source !== window.parent) return;
    switch (data?.type) {
      case 'look':
        this.dispatchEvent(new CustomEvent('look', { detail: checked(data.look) }));
        break;
      case 'opened':
        this.dispatchEvent(new Event('opened'));
        break;
      case 'token':
        this.#asked.get(data.challenge)?.(typeof data.token === 'string' ? data.token : null);
        this.#asked.delete(data.challenge);
        break;
    }
  }
}
