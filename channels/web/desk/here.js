// What every screen of the desk stands on: the interface, who is signed in, the stream, the addresses.

import { Api } from '../shared/api.js';
import { Router } from '../shared/router.js';
import { Session } from '../shared/session.js';
import { Stream } from '../shared/stream/stream.js';
import { ROUTES } from './routes.js';

export const api = new Api('desk');
export const session = new Session(api);
export const stream = new Stream(session, null);
export const router = new Router(ROUTES);
