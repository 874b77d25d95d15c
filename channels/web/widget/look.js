// What a host's page may choose of the look: read from its style, checked there and again in the frame.

/** @typedef {{ accent?: string, radius?: string }} Look */

/** @type {Record<keyof Look, RegExp>} */
const SHAPES = { accent: /^#[0-9a-f]{6}$/i, radius: /^(1?\d|2[0-4])px$/ };

/**
 * Return what may be used of it; anything else is left out.
 * @param {unknown} asked
 * @returns {Look}
 */
export function checked(asked) {
  const given = /** @type {Record<string, unknown>} */ (typeof asked === 'object' && asked !== null ? asked : {});
  const good = Object.entries(SHAPES).filter(([name, shape]) => {
    const value = given[name];
    return typeof value === 'string' && shape.test(value);
  });
  return Object.fromEntries(good.map(([name]) => [name, given[name]]));
}

/**
 * Return the ink that is read best on a colour: WCAG 2.2's relative luminance, its contrast with white against black's.
 * @param {string} accent six hex digits after `#`
 */
export function inkOn(accent) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(parseInt(accent.slice(at, at + 2), 16) / 255));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

/** @param {number} part of sRGB, 0 to 1 */
function linear(part) {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
