// The app's service worker: what goes on while no page of the app is open, or no network is there.

import { listen } from './push.js';
import { keepShell } from './shell.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
listen(worker);
keepShell(worker);
