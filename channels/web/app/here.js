// What every screen of the app stands on: the interface, who is signed in, this device's stream, the addresses.

import { Api, Unreachable } from '../shared/api.js';
import { enrolled } from '../shared/device.js';
import { Router } from '../shared/router.js';
import { Session } from '../shared/session.js';
import { Stream } from '../shared/stream/stream.js';
import { Waiting } from './approvals/waiting.js';
import { ROUTES } from './routes.js';

export const api = new Api('app');
const device = enrolled();
export const session = new Session(api, device);
export const stream = new Stream(session, null);
void device.then((known) => (stream.device = known));

/** Whoever is signed in is looked for while the words are read; where the bank is out of reach, nobody is. */
export const resumed = session.resume().catch((error) => {
  if (!(error instanceof Unreachable)) throw error;
});

export const waiting = new Waiting(session, stream);
export const router = new Router(ROUTES);
