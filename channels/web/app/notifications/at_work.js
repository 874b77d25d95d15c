// What a page that is open does about notifications: goes where a tap leads, and renews what the bank lost.

import { router, session } from '../here.js';
import { renew } from './subscribing.js';

navigator.serviceWorker?.addEventListener('message', ({ data }) => {
  if (typeof data?.open === 'string' && data.open.startsWith('/app')) router.go(data.open);
});
session.addEventListener('change', follow);
follow();

function follow() {
  if (session.stay !== null) renew().catch(() => undefined); // nothing hangs on it: the next sign-in tries again
}
