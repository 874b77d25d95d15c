// Draws an element again whenever something it shows has changed; stops when the element is gone (Lit's controllers).

/** @typedef {import('lit').ReactiveController} ReactiveController */
/** @typedef {import('lit').ReactiveControllerHost} ReactiveControllerHost */

/** @implements {ReactiveController} */
export class Listening {
  /**
   * @param {ReactiveControllerHost} host
   * @param {ReadonlyArray<readonly [EventTarget, string]>} heard what fires, and the event's name
   * @param {(event: Event) => void} [heed] what to do besides drawing again
   */
  constructor(host, heard, heed) {
    this.heard = heard;
    this.tell = (/** @type {Event} */ event) => {
      heed?.(event);
      host.requestUpdate();
    };
    host.addController(this);
  }

  hostConnected() {
    for (const [source, name] of this.heard) source.addEventListener(name, this.tell);
  }

  hostDisconnected() {
    for (const [source, name] of this.heard) source.removeEventListener(name, this.tell);
  }
}
