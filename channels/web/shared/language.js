// Which language the screens speak: the address's, else the one chosen here before, else the browser's, else French.

/** @typedef {'fr' | 'en'} Language */

const KEY = 'contreseing-language';

/** @returns {Language} */
function preferred() {
  const wanted = [new URLSearchParams(location.search).get('lang'), chosen(), ...navigator.languages];
  const known = wanted.map((each) => each?.slice(0, 2)).find((each) => each === 'fr' || each === 'en');
  return known === 'en' ? 'en' : 'fr';
}

/** Nothing is kept for a frame in a browser that keeps nothing there. */
function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @type {Language} */
export const language = preferred();

/** The tag dates and amounts are written by. */
export const locale = language === 'fr' ? 'fr-FR' : 'en-GB';

/**
 * Speak another language from now on. The page is loaded again: what was typed is not kept.
 * @param {Language} wanted
 */
export function choose(wanted) {
  localStorage.setItem(KEY, wanted);
  location.replace(location.pathname);
}
