// The app's shell, kept by the service worker: the document and every file it may ask for, so that it opens offline.
//
// Nothing of a company is in it. The document is asked for anew each time; a new one brings its files, whole, before it
// takes the old one's place.

const KEPT = 'shell';
const DOCUMENT = '/app';
const NAMED = /\/assets\/[\w.-]+/g; // in the document
const IMPORTED = /"\.\/([\w.-]+\.js)"/g; // in a module

/** @param {ServiceWorkerGlobalScope} worker */
export function keepShell(worker) {
  worker.addEventListener('install', (event) => event.waitUntil(install()));
  worker.addEventListener('fetch', (event) => {
    const { origin, pathname } = new URL(event.request.url);
    if (origin !== worker.location.origin || event.request.method !== 'GET') return;
    if (pathname.startsWith('/assets/')) event.respondWith(file(event.request));
    else if (event.request.mode === 'navigate') event.respondWith(opened(event));
  });
}

async function install() {
  await renew(await fetch(DOCUMENT));
}

/** @param {Request} request */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** @param {FetchEvent} event */
async function opened(event) {
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(renew(response.clone()).catch(() => undefined)); // the old one is still whole
    return response;
  } catch (error) {
    const kept = await caches.match(DOCUMENT);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** @param {Response} response the document as it is now */
async function renew(response) {
  const cache = await caches.open(KEPT);
  const text = await response.clone().text();
  const known = await cache.match(DOCUMENT);
  if (known !== undefined && (await known.text()) === text) return;
  const files = await gather(cache, text);
  await cache.put(DOCUMENT, response);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== DOCUMENT && !files.has(pathname)) await cache.delete(request);
  }
}

/**
 * Keep all the document names, and all these import.
 * @param {Cache} cache
 * @param {string} text
 */
async function gather(cache, text) {
  const waiting = [...text.matchAll(NAMED)].map(([path]) => path);
  /** @type {Set<string>} */
  const files = new Set();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    if ((await cache.match(path)) === undefined) await cache.add(path); // throws unless it is there
    const content = await /** @type {Response} */ (await cache.match(path)).text();
    waiting.push(...[...content.matchAll(IMPORTED)].map(([, name]) => `/assets/${name}`));
  }
  return files;
}
