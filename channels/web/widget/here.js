// What the frame stands on: its host, the interface by the host's word, who is signed in, the stream.

import { Session } from '../shared/session.js';
import { Stream } from '../shared/stream/stream.js';
import { GuestApi } from './guest.js';
import { Host } from './host.js';

export const host = new Host(new URLSearchParams(location.search).get('host') ?? '');
export const api = new GuestApi(host);
export const session = new Session(api);
export const stream = new Stream(session, null);

api.addEventListener('entered', async () => {
  await session.resume();
  stream.open();
});
