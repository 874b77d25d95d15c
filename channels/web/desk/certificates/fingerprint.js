// A certificate's digest as authorities publish it, to be compared by eye. Pure.

/** @param {string} thumbprint `x5t#S256`: base64url */
export function fingerprint(thumbprint) {
  const bytes = atob(thumbprint.replaceAll('-', '+').replaceAll('_', '/'));
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()).join(':');
}
