// Push messages as the service worker takes them: shown, replaced or cleared by subject, and opened by a tap.
//
// The bank's message has the declarative shape (docs/push.md), and says only generic words and an opaque id.

/**
 * @typedef {object} Told
 * @property {string} title
 * @property {string} body
 * @property {string} lang
 * @property {string} tag its subject: a later message with the same tag takes its place
 * @property {string} navigate what a tap opens
 * @property {boolean} silent
 * @property {{ kind: string, settled: boolean }} data
 */

/** @param {ServiceWorkerGlobalScope} worker */
export function listen(worker) {
  worker.addEventListener('push', (event) => event.waitUntil(told(worker, event.data)));
  worker.addEventListener('notificationclick', (event) => event.waitUntil(tapped(worker, event.notification)));
}

/**
 * @param {ServiceWorkerGlobalScope} worker
 * @param {PushMessageData | null} data
 */
async function told(worker, data) {
  const notification = read(data);
  if (notification === null) return;
  const { title, body, lang, tag, silent, navigate } = notification;
  if (notification.data.settled) return cleared(worker, tag);
  await worker.registration.showNotification(title, { body, lang, tag, silent, data: { path: pathOf(worker, navigate) } });
}

/**
 * @param {PushMessageData | null} data
 * @returns {Told | null} nothing where it is no message of ours
 */
function read(data) {
  try {
    const message = data?.json();
    return message?.web_push === 8030 ? message.notification : null;
  } catch {
    return null;
  }
}

/**
 * @param {ServiceWorkerGlobalScope} worker
 * @param {string} tag
 */
async function cleared(worker, tag) {
  for (const shown of await worker.registration.getNotifications({ tag })) shown.close();
}

/**
 * A page of the app that is open is brought forward and goes there; else one is opened.
 * @param {ServiceWorkerGlobalScope} worker
 * @param {Notification} notification
 */
async function tapped(worker, notification) {
  notification.close();
  const { path } = notification.data;
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((each) => new URL(each.url).pathname.startsWith('/app'));
  if (open === undefined) {
    await worker.clients.openWindow(path);
    return;
  }
  open.postMessage({ open: path });
  await open.focus().catch(() => undefined); // a browser may leave that to the person
}

/**
 * The path of an address of ours; the app's first screen for any other.
 * @param {ServiceWorkerGlobalScope} worker
 * @param {string} address
 */
function pathOf(worker, address) {
  const url = new URL(address, worker.location.origin);
  const isOurs = url.origin === worker.location.origin && url.pathname.startsWith('/app');
  return isOurs ? url.pathname : '/app';
}
