// Which screen an address shows. A row a screen: its path, the element, what loads it.

/**
 * @typedef {object} Route
 * @property {string} path for instance `/app/approvals/:id`
 * @property {string} element
 * @property {() => Promise<unknown>} load
 * @property {boolean} [isOpen] shown to whoever is not signed in, too
 */

/** Fires `change` when another address is shown. */
export class Router extends EventTarget {
  /** @param {readonly Route[]} routes the last is shown where no other fits */
  constructor(routes) {
    super();
    this.routes = routes;
    window.addEventListener('popstate', () => this.dispatchEvent(new Event('change')));
    document.addEventListener('click', (event) => this.#follow(event));
  }

  /** @returns {{ route: Route, parts: Record<string, string> }} */
  here() {
    for (const route of this.routes) {
      const parts = matched(route.path, location.pathname);
      if (parts !== null) return { route, parts };
    }
    return { route: /** @type {Route} */ (this.routes.at(-1)), parts: {} };
  }

  /** @param {string} path */
  go(path) {
    if (path !== location.pathname + location.search) history.pushState(null, '', path);
    this.dispatchEvent(new Event('change'));
  }

  /**
   * A plain click on a link of ours changes the screen, not the page.
   * @param {MouseEvent} event
   */
  #follow(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
    if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !this.#knows(url.pathname)) return;
    event.preventDefault();
    this.go(url.pathname + url.search);
  }

  /** @param {string} path */
  #knows(path) {
    return this.routes.some((route) => matched(route.path, path) !== null);
  }
}

/**
 * @param {string} pattern
 * @param {string} path
 * @returns {Record<string, string> | null}
 */
function matched(pattern, path) {
  const [wanted, found] = [pattern.split('/'), path.replace(/\/$/, '').split('/')];
  if (wanted.length !== found.length) return null;
  /** @type {Record<string, string>} */
  const parts = {};
  for (const [at, part] of wanted.entries()) {
    const value = /** @type {string} */ (found[at]);
    if (part.startsWith(':')) parts[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return parts;
}
