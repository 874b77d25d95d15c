// Shows the screen of the address: loads it, puts it in place, takes the former away.

import { LitElement, html } from 'lit';
import { Screen } from './screen.js';

/** @typedef {import('../shared/router.js').Router} Router */

export class Outlet extends LitElement {
  static properties = { router: { attribute: false }, screen: { state: true } };

  constructor() {
    super();
    /** @type {Router | null} */
    this.router = null;
    /** @type {HTMLElement | null} */
    this.screen = null;
  }

  #show = () => this.#change();

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.router?.addEventListener('change', this.#show);
    this.#show();
  }

  /** @override */
  disconnectedCallback() {
    this.router?.removeEventListener('change', this.#show);
    super.disconnectedCallback();
  }

  async #change() {
    if (this.router === null) return;
    const { route, parts } = this.router.here();
    await route.load();
    if (this.router.here().route !== route) return; // another was asked for meanwhile
    const screen = document.createElement(route.element);
    if (screen instanceof Screen) screen.parts = parts;
    this.screen = screen;
    await this.updateComplete;
    if (screen instanceof Screen) await screen.begin();
  }

  /** @override */
  render() {
    return html`${this.screen}`;
  }
}

customElements.define('ct-outlet', Outlet);
