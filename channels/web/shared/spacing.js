// Where a line may not break: before a French `:` or `?`, within « », between a number and what it counts.
//
// Catalogues and the bank's texts are written with plain spaces, which is what people type, compare and search for.

const TOGETHER = /(«) |(\d) (?=[A-Za-zÀ-ÿ])| (?=[:;?!»])/g;

/**
 * The text with no-break spaces where French wants them; words in other languages have no such places but after a number.
 * @param {string} text
 */
export const spaced = (text) => text.replace(TOGETHER, '$1$2\u00a0');
