// What waits for the person's signature, kept up to date by the stream; the last of it is shown while offline.

/** @typedef {import('../../wire.js').Http.SnapshotContent} Snapshot */
/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {import('../../wire.js').Http.PageContent_ActionContent_} Page */
/** @typedef {import('../../shared/session.js').Session} Session */
/** @typedef {import('../../shared/stream/stream.js').Stream} Stream */

import { put, removed, taken } from '../../shared/shelf.js';

const KEPT = 'waiting';

/** Fires `change`. */
export class Waiting extends EventTarget {
  /** @type {Map<string, Action>} by action id, newest first */
  actions = new Map();
  /** Where the next page begins; null when all are here. @type {string | null} */
  next = null;
  /** Nothing was read yet. */
  isNew = true;

  /**
   * @param {Session} session
   * @param {Stream} stream
   */
  constructor(session, stream) {
    super();
    this.session = session;
    stream.addEventListener('frame', (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    session.addEventListener('change', () => void (session.stay === null && this.#forget()));
  }

  /** Begin again from a snapshot, then let the stream go on from there. Throws Problem, Unreachable. */
  async begin() {
    const snapshot = /** @type {Snapshot} */ (await this.session.api.get('/v1/inbox'));
    this.actions = new Map();
    this.#add(snapshot.actions, snapshot.next);
    return { epoch: snapshot.epoch, after: snapshot.head };
  }

  /** Read on where the snapshot or the page before ended. Throws Problem, Unreachable. */
  async more() {
    if (this.next === null) return;
    const query = { status: 'pending', after: this.next, limit: 100 };
    const page = /** @type {Page} */ (await this.session.api.get('/v1/actions', query));
    this.#add(page.items, page.next);
  }

  /** Show what was known when the bank was last reached: it cannot be now. */
  async recall() {
    const kept = /** @type {{ user: string, actions: Action[] } | undefined} */ (await taken(KEPT));
    if (kept === undefined || kept.user !== this.session.stay?.user.id) return;
    this.actions = new Map(kept.actions.map((action) => [action.id, action]));
    this.#changed();
  }

  /**
   * Both lists also name what others are still to sign: kept is what waits for this person.
   * @param {readonly Action[]} actions
   * @param {string | null} next
   */
  #add(actions, next) {
    for (const action of actions.filter(isMine)) this.actions.set(action.id, action);
    this.next = next;
    this.#changed();
    void put(KEPT, { user: this.session.stay?.user.id, actions: [...this.actions.values()].slice(0, 50) });
  }

  /** @param {{ type: string } & Record<string, any>} frame */
  #hear(frame) {
    if (frame.type === 'reset') void this.begin();
    if (frame.type !== 'event' || frame.id === null) return;
    const action = /** @type {Action | null} */ (frame.action);
    if (action === null) return;
    if (isMine(action)) this.actions = new Map([[action.id, action], ...this.actions]);
    else this.actions.delete(action.id);
    this.#changed();
  }

  #forget() {
    this.actions = new Map();
    this.isNew = true;
    void removed(KEPT);
    this.dispatchEvent(new Event('change'));
  }

  #changed() {
    this.isNew = false;
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {Action} action */
const isMine = ({ challenge }) => challenge?.status === 'open';
