// A screen: what an address shows. Its heading is where a reader begins, and the page's title.

import { LitElement } from 'lit';
import { sheet } from './sheet.js';

export class Screen extends LitElement {
  static styles = [sheet];
  static properties = { parts: { attribute: false } };

  constructor() {
    super();
    /** The parts of the address the route names. @type {Record<string, string>} */
    this.parts = {};
  }

  /** Move the reader to the heading: the screen has just taken the place of another. */
  async begin() {
    await this.updateComplete;
    const heading = this.renderRoot.querySelector('h1');
    if (heading === null) return;
    document.title = `${heading.textContent?.trim()} · Contreseing`;
    heading.tabIndex = -1;
    heading.focus();
  }
}
