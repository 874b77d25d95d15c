// Ceilings as people type them, in whole units, and as the wire has them, in the currency's smallest.

/** @typedef {{ kind: string, account: string, currency: string }} Limited */

/** The name of a ceiling's field. @param {{ kind: string, account: string }} of @param {'per_remittance' | 'per_day'} per */
export const limit = ({ kind, account }, per) => `limit.${kind}.${account}.${per}`;

/** @param {string} currency ISO 4217 */
const digits = (currency) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** As it is typed. @param {number | null} minor @param {string} currency */
export const amount = (minor, currency) => (minor === null ? '' : String(minor / 10 ** digits(currency)));

/**
 * The ceilings typed; `wrong` names the first field that holds no amount.
 * @param {readonly Limited[]} limited
 * @param {Record<string, string>} values
 */
export function ceilingsOf(limited, values) {
  /** @type {string | undefined} */
  let wrong;
  const read = (/** @type {Limited} */ of, /** @type {'per_remittance' | 'per_day'} */ per) => {
    const name = limit(of, per);
    const minor = parsed(values[name] ?? '', digits(of.currency));
    if (minor === undefined) wrong ??= name;
    return minor ?? null;
  };
  const ceilings = limited
    .map((of) => ({
      kind: of.kind,
      account: of.account,
      per_remittance: read(of, 'per_remittance'),
      per_day: read(of, 'per_day'),
    }))
    .filter(({ per_remittance, per_day }) => per_remittance !== null || per_day !== null);
  return { ceilings, wrong };
}

/**
 * Null for nothing typed, undefined for no amount.
 * @param {string} typed
 * @param {number} most decimals
 */
function parsed(typed, most) {
  const plain = typed.replace(/\s/g, '').replace(',', '.');
  if (plain === '') return null;
  const [, whole, part = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(plain) ?? [];
  if (whole === undefined || part.length > most) return undefined;
  return Number(whole + part.padEnd(most, '0'));
}
