// From a file and its password to a key of this browser's, which no script can read out of it, and its certificate.

import { toBase64Url } from '../shared/base64.js';
import { Fault } from './fault.js';
import { opened, publicKeyOf } from './pkcs12.js';

/** @typedef {import('../shared/certificate_key.js').Key} Key */

/** A person's file has a few kilobytes, their authority's certificates in it. */
export const LARGEST = 64 * 1024;

const SHORTEST_RSA = 2048;
const WAYS = [
  { name: 'RSA-PSS', hash: 'SHA-256' },
  { name: 'ECDSA', namedCurve: 'P-256' },
];

/**
 * @param {Blob} file
 * @param {string} password
 * @returns {Promise<Key>} Throws Fault.
 */
export async function keyIn(file, password) {
  if (file.size > LARGEST) throw new Fault('too_large');
  const content = new Uint8Array(await file.arrayBuffer());
  const { keys, certificates } = read(content, password);
  content.fill(0);
  if (keys.length > 1) throw new Fault('several');
  const [raw] = keys;
  if (raw === undefined) throw new Fault('no_key');
  const key = await imported(raw);
  raw.fill(0);
  return await withCertificate(key, certificates);
}

/**
 * @param {Uint8Array} content
 * @param {string} password
 */
function read(content, password) {
  try {
    return opened(content, password);
  } catch (error) {
    throw error instanceof Fault ? error : new Fault('not_pkcs12');
  }
}

/** @param {Uint8Array<ArrayBuffer>} raw PKCS#8 */
async function imported(raw) {
  for (const way of WAYS) {
    const key = await crypto.subtle.importKey('pkcs8', raw, way, false, ['sign']).catch(() => null);
    if (key !== null) return key;
  }
  throw new Fault('unfit');
}

/**
 * A file holds the certificates of authorities too: the person's is the one whose public key verifies what theirs signs.
 * @param {CryptoKey} key
 * @param {string[]} certificates
 */
async function withCertificate(key, certificates) {
  if ('modulusLength' in key.algorithm && Number(key.algorithm.modulusLength) < SHORTEST_RSA) throw new Fault('weak');
  const own = [];
  for (const each of certificates) if (await isOf(each, key)) own.push(each);
  if (own.length > 1) throw new Fault('several');
  const [certificate] = own;
  if (certificate === undefined) throw new Fault('no_certificate');
  const der = Uint8Array.from(certificate, (character) => character.charCodeAt(0));
  const thumbprint = toBase64Url(await crypto.subtle.digest('SHA-256', der));
  return { key, certificate: btoa(certificate), thumbprint };
}

/**
 * @param {string} certificate
 * @param {CryptoKey} key
 */
async function isOf(certificate, key) {
  const how = { name: key.algorithm.name, hash: 'SHA-256', saltLength: 32 };
  const tried = crypto.getRandomValues(new Uint8Array(32));
  try {
    const other = await crypto.subtle.importKey('spki', publicKeyOf(certificate), key.algorithm, false, ['verify']);
    return await crypto.subtle.verify(how, other, await crypto.subtle.sign(how, key, tried), tried);
  } catch {
    return false; // a key of another kind
  }
}
