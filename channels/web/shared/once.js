// Makes a thing when it is first needed: a formatter of the browser's takes a slow phone milliseconds, shown or not.

/**
 * @template T
 * @param {() => T} make
 * @returns {() => T}
 */
export function once(make) {
  /** @type {T | undefined} */
  let made;
  return () => (made ??= make());
}
