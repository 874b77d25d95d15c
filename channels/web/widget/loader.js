// What a page of the bank's includes: <contreseing-chat>, a button and behind it a frame of our origin (RULES 25).
//
// The page gives it `tokenFor`, which asks the page's own back end; the token passes through and is kept by nobody.

import en from '../catalogues/widget/en.json';
import fr from '../catalogues/widget/fr.json';
import { SHEET } from './loader.sheet.js';
import { checked, inkOn } from './look.js';

const ORIGIN = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;
const SVG = 'http://www.w3.org/2000/svg';
const BUBBLE = 'M4 4h16v12H10l-5 4v-4H4z';

/** @typedef {(challenge: string) => Promise<string>} TokenFor takes the frame's challenge, returns the page's token */

class Chat extends HTMLElement {
  static observedAttributes = ['open'];

  /** @type {TokenFor | undefined} */
  #tokenFor;
  /** What the frame asked with before the page gave `tokenFor`. @type {string[]} */
  #toVouch = [];
  #button = document.createElement('button');
  #badge = element('span', { className: 'badge', hidden: true, ariaHidden: 'true' });
  #panel = element('div', { className: 'panel', id: 'panel', hidden: true, role: 'dialog' });
  #frame = document.createElement('iframe');
  /** @param {MessageEvent} event */
  #listener = (event) => this.#hear(event);

  constructor() {
    super();
    const early = Object.getOwnPropertyDescriptor(this, 'tokenFor')?.value; // given before this script came
    Reflect.deleteProperty(this, 'tokenFor');
    if (early !== undefined) this.tokenFor = early;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#button, this.#panel);
    this.#button.append(bubble(), this.#badge);
    this.#button.type = 'button';
    this.#button.setAttribute('aria-controls', 'panel');
    this.#button.addEventListener('click', () => (this.open = !this.open));
    this.#panel.append(this.#frame);
    root.addEventListener('keydown', (event) => {
      if (/** @type {KeyboardEvent} */ (event).key === 'Escape') this.open = false;
    });
  }

  get open() {
    return this.hasAttribute('open');
  }

  set open(wanted) {
    this.toggleAttribute('open', wanted);
  }

  get tokenFor() {
    return this.#tokenFor;
  }

  /** @param {TokenFor | undefined} given */
  set tokenFor(given) {
    this.#tokenFor = given;
    if (given !== undefined) this.#toVouch.splice(0).forEach((challenge) => this.#vouch(challenge));
  }

  connectedCallback() {
    const words = this.#words();
    this.#say(0);
    this.#panel.ariaLabel = this.#frame.title = words.chat;
    this.#frame.referrerPolicy = 'no-referrer';
    this.#frame.sandbox.value =
      'allow-scripts allow-same-origin allow-forms allow-downloads allow-popups allow-popups-to-escape-sandbox';
    const { accent, radius } = this.#look();
    if (accent !== undefined) this.#put({ '--accent': accent, '--on-accent': inkOn(accent) });
    if (radius !== undefined) this.#put({ '--radius': radius });
    addEventListener('message', this.#listener);
    const query = new URLSearchParams({ host: location.origin, lang: words === en ? 'en' : 'fr' });
    this.#frame.src = `${ORIGIN}/chat-frame?${query}`;
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    removeEventListener('message', this.#listener);
  }

  attributeChangedCallback() {
    const wasOpen = !this.#panel.hidden;
    this.#panel.hidden = !this.open;
    this.#button.ariaExpanded = String(this.open);
    if (this.open && !wasOpen) this.#enter();
    if (!this.open && wasOpen) this.#button.focus();
  }

  #enter() {
    this.#frame.focus();
    this.#tell({ type: 'opened' });
  }

  /** @param {MessageEvent} event */
  #hear({ origin, source, data }) {
    if (origin !== ORIGIN || source !== this.#frame.contentWindow) return;
    switch (data?.type) {
      case 'ready':
        this.#tell({ type: 'look', look: this.#look() });
        if (this.open) this.#enter();
        break;
      case 'token':
        this.#toVouch.push(String(data.challenge));
        this.tokenFor = this.#tokenFor;
        break;
      case 'unread':
        this.#say(Number(data.count));
        break;
      case 'close':
        this.open = false;
        break;
    }
  }

  /** @param {string} challenge */
  async #vouch(challenge) {
    let token = null;
    try {
      token = (await this.#tokenFor?.(challenge)) ?? null;
    } catch (error) {
      console.warn('contreseing-chat: no token', error);
    }
    this.#tell({ type: 'token', challenge, token });
  }

  /** @param {number} count */
  #say(count) {
    const unread = Math.max(0, Math.trunc(count)) || 0;
    const words = this.#words();
    this.#badge.hidden = unread === 0;
    this.#badge.textContent = unread > 99 ? '99+' : String(unread);
    const several = words['chat.unread'][unread === 1 ? 'one' : 'other'];
    this.#button.ariaLabel = unread === 0 ? words.chat : several.replace('{count}', String(unread));
  }

  #words() {
    return this.lang.startsWith('en') ? en : fr;
  }

  #look() {
    const style = getComputedStyle(this);
    const told = (/** @type {string} */ name) => style.getPropertyValue(`--contreseing-${name}`).trim();
    return checked({ accent: told('accent'), radius: told('radius') });
  }

  /** @param {Record<string, string>} properties */
  #put(properties) {
    for (const part of [this.#button, this.#panel])
      for (const [name, value] of Object.entries(properties)) part.style.setProperty(name, value);
  }

  /** @param {{ type: string } & Record<string, unknown>} message */
  #tell(message) {
    this.#frame.contentWindow?.postMessage(message, ORIGIN);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} properties
 */
function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function bubble() {
  const drawing = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', BUBBLE);
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.append(path);
  return drawing;
}

customElements.define('contreseing-chat', Chat);
