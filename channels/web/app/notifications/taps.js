// A tap on a notification, told by the service worker to a page that is open: the page goes there.

import { router } from '../here.js';

navigator.serviceWorker?.addEventListener('message', ({ data }) => {
  if (typeof data?.open === 'string' && data.open.startsWith('/app')) router.go(data.open);
});
