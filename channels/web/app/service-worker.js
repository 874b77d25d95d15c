// The app's service worker: what goes on while no page of the app is open.

import { listen } from './push.js';

listen(/** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self)));
