// The app's service worker, put in place once a page of the app is open.

const ADDRESS = '/app/service-worker.js';

/**
 * @typedef {object} TrustedTypes not among the compiler's types yet
 * @property {(name: string, rules: { createScriptURL: () => string }) => { createScriptURL: (url: string) => unknown }} createPolicy
 */

const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (globalThis));

/** The one address a worker's script may have: the pages' policy asks that somebody answers for it. */
const answering = trustedTypes?.createPolicy('service-worker', { createScriptURL: () => ADDRESS });

/** Where there is none (an old browser, a window that keeps nothing), the app goes on without. */
export async function putInPlace() {
  const address = /** @type {string} */ (/** @type {unknown} */ (answering?.createScriptURL(ADDRESS) ?? ADDRESS));
  await navigator.serviceWorker?.register(address, { scope: '/app' }).catch(() => undefined);
}
