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
  return told(await subscribed(key));
}

/**
 * Tell the bank again of a subscription this browser still has and the bank does not: its push service gave it another
 * address meanwhile, or forgot it for a while. What the person turned off is not there to be told.
 */
export async function renew() {
  const subscription = isSupported() ? await own() : null;
  if (subscription === null || Notification.permission !== 'granted') return;
  const { items } = /** @type {{ items: Subscription[] }} */ (await api.get('/v1/push-subscriptions'));
  if (!items.some((each) => each.current)) await told(subscription);
}

/**
 * Wake one of the person's devices no more; this browser's own subscription ends with it where it is this one.
 * @param {Subscription} subscription
 */
export async function unsubscribe(subscription) {
  await api.delete(`/v1/push-subscriptions/${subscription.id}`);
  if (!subscription.current) return;
  await (await own())?.unsubscribe();
}

/** This browser's subscription. */
async function own() {
  const worker = await navigator.serviceWorker.getRegistration('/app');
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/**
 * @param {PushSubscription} subscription
 * @returns {Promise<Subscription>}
 */
function told(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return api.post('/v1/push-subscriptions', { channel: 'web_push', endpoint, keys });
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
