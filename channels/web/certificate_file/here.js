// What this page stands on: the interface, and who is signed in to the app in this browser.

import { Api } from '../shared/api.js';
import { Session } from '../shared/session.js';

export const api = new Api('app');
export const session = new Session(api);
