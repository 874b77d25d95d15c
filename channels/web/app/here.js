// What every screen of the app stands on: the interface, who is signed in, this device's stream, the addresses.

import { Api } from '../shared/api.js';
import { enrolled } from '../shared/device.js';
import { Router } from '../shared/router.js';
import { Session } from '../shared/session.js';
import { Stream } from '../shared/stream/stream.js';
import { Waiting } from './approvals/waiting.js';
import { ROUTES } from './routes.js';

export const api = new Api('app');
export const session = new Session(api);
export const stream = new Stream(session, await enrolled());
export const waiting = new Waiting(session, stream);
export const router = new Router(ROUTES);
