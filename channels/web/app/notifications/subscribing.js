// This browser's own subscription: asked for on a tap, told to the bank, taken back.

import { api } from '../here.js';

/** @typedef {import('../../wire.js').Http.PushKeyContent} Key */
/** @typedef {import('../../wire.js').Http.PushSubscriptionContent} Subscription */

/** The person said no to notifications, here or in the browser's settings. */
export class Denied extends Error {}

/** The browser's own push service was not reached, or does not serve this browser. */
export class NoService extends Error {}

export const isSupported = () => 'PushManager' in window && 'Notification' in window;

/**
 * Have this device woken from now on. Throws Denied, NoService, Problem, Unreachable.
 * @returns {Promise<Subscription>}
 */
export async function subscribe() {
  if ((await Notification.requestPermission()) !== 'granted') throw new Denied();
  const { key } = /** @type {Key} */ (await api.get('/v1/push/key'));
  const { endpoint, keys } = (await subscribed(key)).toJSON();
  return api.post('/v1/push-subscriptions', { channel: 'web_push', endpoint, keys });
}

/**
 * Wake one of the person's devices no more; this browser's own subscription ends with it where it is this one.
 * @param {Subscription} subscription
 */
export async function unsubscribe(subscription) {
  await api.delete(`/v1/push-subscriptions/${subscription.id}`);
  if (!subscription.current) return;
  const worker = await navigator.serviceWorker.getRegistration('/app');
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

/** @param {string} key */
async function subscribed(key) {
  const worker = await navigator.serviceWorker.ready;
  try {
    return await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch (error) {
    throw new NoService('subscribe', { cause: error });
  }
}
