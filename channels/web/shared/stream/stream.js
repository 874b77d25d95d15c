// The stream as the screens use it: greets, reads on from the last event it has, comes back when it is cut off.
//
// It fires `frame` (detail: the server's frame, events once and in order) and `state` when it comes or goes. What the
// frames mean is the screens' own.

/** @typedef {import('../../wire.js').Stream.Welcome} Welcome */
/** @typedef {import('../../wire.js').Stream.Result} Result */
/** @typedef {import('../session.js').Session} Session */
/** @typedef {import('../device.js').Device} Device */
/** @typedef {{ type: string } & Record<string, any>} Frame */
/** @typedef {{ epoch: string | null, after: number }} Place */

import { Unreachable } from '../api.js';
import { signed } from '../device.js';
import { CALM, pause } from './comeback.js';

const PROTOCOL = 'contreseing.v1';

/** `connecting`, `synced`: nothing is missing; `away`: comes back by itself; `over`: does not. */
/** @typedef {'connecting' | 'synced' | 'away' | 'over'} State */

export class Stream extends EventTarget {
  /** @type {State} */
  state = 'over';
  /** Why the last socket was lost; null while there is none to miss. @type {number | null} */
  closed = null;
  /** Milliseconds the bank's clock is ahead of this machine's. */
  offset = 0;

  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Place} */
  #place = { epoch: null, after: 0 };
  /** @type {Map<string, { resolve: (result: Result) => void, reject: (error: Error) => void }>} */
  #asked = new Map();
  /** @type {number | null} */
  #drainAfter = null;
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Session} session
   * @param {Device | null} device null for a screen that is not enrolled: its login alone opens the stream
   */
  constructor(session, device) {
    super();
    this.session = session;
    this.device = device;
    this.tab = crypto.randomUUID().slice(0, 8);
  }

  /** The bank's time, milliseconds UTC: whatever the clock of this machine says. */
  now() {
    return Date.now() + this.offset;
  }

  /**
   * Connect and stay connected, reading on after this place.
   * @param {Place} [place] where the device is, as `reset` and snapshots tell it
   */
  open(place = this.#place) {
    this.close();
    this.#place = place;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.closed = null;
    socket?.close(1000);
    this.#fail();
    this.#turn('over');
  }

  /** Try now rather than when the pause is over: the network or the person is back. */
  hurry() {
    if (this.state !== 'away') return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** The network is gone: an open socket would take a minute to notice. */
  cut() {
    if (this.#socket !== null) this.#drop(this.#socket);
  }

  /**
   * Send what is answered by a `result`. Throws Unreachable when the connection goes first: ask again, same `req`.
   * @param {{ type: string, req: string } & Record<string, any>} frame
   * @returns {Promise<Result>}
   */
  ask(frame) {
    return new Promise((resolve, reject) => {
      if (this.state !== 'synced') {
        reject(new Unreachable('stream'));
        return;
      }
      this.#asked.set(frame.req, { resolve, reject });
      this.send(frame);
    });
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Bring in a login that was just renewed or begun. */
  async authenticate() {
    this.send({ type: 'auth', token: await this.#ticket() });
  }

  #connect() {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/stream`, PROTOCOL);
    this.#socket = socket;
    this.#drainAfter = null;
    this.#turn('connecting');
    socket.addEventListener('message', ({ data }) => this.#hear(socket, JSON.parse(data)));
    socket.addEventListener('close', ({ code }) => this.#lose(socket, code));
  }

  /**
   * @param {WebSocket} socket
   * @param {Frame} frame
   */
  async #hear(socket, frame) {
    if (socket !== this.#socket) return;
    switch (frame.type) {
      case 'challenge':
        return this.#greet(socket, frame.nonce);
      case 'welcome':
        this.#place = { ...this.#place, epoch: frame.epoch };
        this.offset = frame.now - Date.now();
        break;
      case 'event':
        if (frame.s <= this.#place.after) return undefined;
        this.#place = { ...this.#place, after: frame.s };
        this.send({ type: 'ack', s: frame.s });
        break;
      case 'reset':
        this.#place = { epoch: frame.epoch, after: frame.head };
        break;
      case 'synced':
        this.#settle(socket);
        break;
      case 'drain':
        this.#drainAfter = frame.after_ms;
        break;
      case 'result':
        this.#answer(/** @type {any} */ (frame));
        break;
    }
    this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
    return undefined;
  }

  /**
   * @param {WebSocket} socket
   * @param {string} nonce
   */
  async #greet(socket, nonce) {
    try {
      const hello = { type: 'hello', v: 1, tab: this.tab, caps: [], ...this.#place, ...(await this.#shown(nonce)) };
      if (socket === this.#socket) this.send(hello);
    } catch {
      this.#drop(socket); // no ticket to be had: it comes back later, and the session says if the person must sign in
    }
  }

  /**
   * What shows who is there: the device's key, with the login where it is of this device; else the login alone.
   * @param {string} nonce
   */
  async #shown(nonce) {
    const { stay } = this.session;
    const ticket = stay === null ? {} : { ticket: await this.#ticket() };
    if (this.device === null || (stay !== null && stay.login.device !== this.device.id)) return ticket;
    const { id, token, keys } = this.device;
    return { device: id, token, signature: await signed(keys, { purpose: 'stream', nonce, id }), ...ticket };
  }

  async #ticket() {
    const { ticket } = /** @type {{ ticket: string }} */ (await this.session.api.post('/v1/stream/tickets'));
    return ticket;
  }

  /** @param {WebSocket} socket */
  #settle(socket) {
    this.#turn('synced');
    setTimeout(() => {
      if (socket === this.#socket) this.#failures = 0;
    }, CALM);
  }

  /** @param {Result} result */
  #answer(result) {
    this.#asked.get(result.req)?.resolve(result);
    this.#asked.delete(result.req);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  #lose(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.closed = code;
    this.#failures += 1;
    this.#fail();
    const wait = pause(code, this.#failures, { drainAfter: this.#drainAfter, draw: Math.random });
    this.#turn(wait === null ? 'over' : 'away');
    if (wait !== null) this.#timer = setTimeout(() => this.#connect(), wait);
  }

  /**
   * Lost, whatever the server answers to the closing: its 1000 would keep the device away.
   * @param {WebSocket} socket
   */
  #drop(socket) {
    this.#lose(socket, 1006);
    socket.close();
  }

  #fail() {
    for (const { reject } of this.#asked.values()) reject(new Unreachable('stream'));
    this.#asked.clear();
  }

  /** @param {State} state */
  #turn(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}
