// Opens a PKCS#12 file (RFC 7292) with its password: private keys as PKCS#8, certificates byte for byte as they stand.
//
// Files of any age are taken: PBES2 with AES, and 3DES or 40-bit RC2 of older programs. node-forge deciphers; the outline is
// read here, because forge's own reader writes a certificate anew, and because accents in a password are UTF-8 for the
// one scheme and UTF-16 for the other.

/*! node-forge, copyright (c) 2010 Digital Bazaar, Inc., BSD-3-Clause: https://github.com/digitalbazaar/forge */
import forge from 'node-forge/lib/forge.js';
import 'node-forge/lib/hmac.js';
import 'node-forge/lib/md.all.js';
import 'node-forge/lib/pbe.js';
import { Fault } from './fault.js';

/** @typedef {import('node-forge/lib/forge.js').Node} Node */
/** @typedef {import('./fault.js').Why} Why */

/**
 * @typedef {object} Contents
 * @property {Uint8Array<ArrayBuffer>[]} keys
 * @property {string[]} certificates DER, a character a byte
 */

const { asn1, util } = forge;
const { oids, pbe } = forge.pki;

/** A million rounds keep a phone busy for ten seconds or more; programs write 2,048 to 600,000. */
const MOST_ROUNDS = 1_000_000;

/**
 * @param {Uint8Array} file
 * @param {string} password
 * @returns {Contents} Throws Fault.
 */
export function opened(file, password) {
  const [version, safe, mac] = parts(parsed(util.binary.raw.encode(file), 'not_pkcs12'));
  if (version === undefined || bytes(version) !== '\x03') throw new Fault('not_pkcs12');
  const content = plain(safe);
  if (mac !== undefined) requireMac(mac, content, password);
  /** @type {Contents} */
  const found = { keys: [], certificates: [] };
  for (const info of parts(parsed(content, 'not_pkcs12'))) {
    for (const bag of bagsIn(info, password)) take(bag, password, found);
  }
  return found;
}

/**
 * The public key of a certificate (SubjectPublicKeyInfo), DER.
 * @param {string} certificate
 */
export function publicKeyOf(certificate) {
  const [signed] = parts(parsed(certificate, 'not_pkcs12'));
  const fields = parts(signed);
  const isVersioned = fields[0]?.tagClass === asn1.Class.CONTEXT_SPECIFIC;
  const key = fields[isVersioned ? 6 : 5];
  if (key === undefined) throw new Fault('not_pkcs12');
  return util.binary.raw.decode(asn1.toDer(key).getBytes());
}

/**
 * @param {Node | undefined} info a ContentInfo that holds octets
 * @returns {string}
 */
function plain(info) {
  const [type, wrapped] = parts(info);
  if (oid(type) !== oids.data) throw new Fault('unsupported'); // signed or enveloped for a key: no password opens it
  return bytes(parts(wrapped)[0]);
}

/**
 * @param {Node} mac
 * @param {string} content
 * @param {string} password
 */
function requireMac(mac, content, password) {
  const [told, salt, rounds] = parts(mac);
  const [algorithm, expected] = parts(told);
  const digest = forge.md.algorithms[oids[oid(parts(algorithm)[0])] ?? '']?.create();
  if (digest === undefined) throw new Fault('unsupported');
  const count = rounds === undefined ? 1 : bearable(rounds);
  const hmac = forge.hmac.create();
  hmac.start(digest, pbe.generatePkcs12Key(password, util.createBuffer(bytes(salt)), 3, count, digest.digestLength, digest));
  hmac.update(content);
  if (hmac.digest().getBytes() !== bytes(expected)) throw new Fault('wrong_password');
}

/**
 * @param {Node} info
 * @param {string} password
 * @returns {Node[]} SafeBags
 */
function bagsIn(info, password) {
  const [type, wrapped] = parts(info);
  if (oid(type) !== oids.encryptedData) return parts(parsed(plain(info), 'not_pkcs12'));
  const [, sealed] = parts(parts(wrapped)[0]);
  const [, algorithm, content] = parts(sealed);
  return parts(parsed(deciphered(algorithm, bytes(content), password), 'wrong_password'));
}

/**
 * Put what a SafeBag holds with the rest; other kinds of bags are left alone.
 * @param {Node} bag
 * @param {string} password
 * @param {Contents} found
 */
function take(bag, password, found) {
  const [kind, wrapped] = parts(bag);
  const [content] = parts(wrapped);
  if (content === undefined) throw new Fault('not_pkcs12');
  switch (oid(kind)) {
    case oids.keyBag:
      found.keys.push(util.binary.raw.decode(asn1.toDer(content).getBytes()));
      break;
    case oids.pkcs8ShroudedKeyBag: {
      const [algorithm, sealed] = parts(content);
      found.keys.push(util.binary.raw.decode(deciphered(algorithm, bytes(sealed), password)));
      break;
    }
    case oids.certBag: {
      const [form, certificate] = parts(content);
      if (oid(form) === oids.x509Certificate) found.certificates.push(bytes(parts(certificate)[0]));
      break;
    }
  }
}

/**
 * @param {Node | undefined} algorithm
 * @param {string} content
 * @param {string} password
 */
function deciphered(algorithm, content, password) {
  const [name, parameters] = parts(algorithm);
  const isModern = oid(name) === oids.pkcs5PBES2;
  bearable(isModern ? parts(parts(parts(parameters)[0])[1])[1] : parts(parameters)[1]);
  const cipher = cipherOf(oid(name), parameters, isModern ? util.encodeUtf8(password) : password);
  cipher.update(util.createBuffer(content));
  if (!cipher.finish()) throw new Fault('wrong_password');
  return cipher.output.getBytes();
}

/**
 * @param {string} name
 * @param {Node | undefined} parameters
 * @param {string} password
 */
function cipherOf(name, parameters, password) {
  try {
    return pbe.getCipher(name, /** @type {Node} */ (parameters), password);
  } catch {
    throw new Fault('unsupported');
  }
}

// --- the outline ---------------------------------------------------------------------------------------------------

/**
 * @param {string} content
 * @param {Why} why what it means that it cannot be read
 */
function parsed(content, why) {
  try {
    return asn1.fromDer(content, { decodeBitStrings: false });
  } catch {
    throw new Fault(why);
  }
}

/** @param {Node | undefined} node a SEQUENCE, or what a tag is put round */
function parts(node) {
  if (!Array.isArray(node?.value)) throw new Fault('not_pkcs12');
  return node.value;
}

/**
 * @param {Node | undefined} node octets, which BER may write in pieces
 * @returns {string}
 */
function bytes(node) {
  if (node === undefined) throw new Fault('not_pkcs12');
  return typeof node.value === 'string' ? node.value : node.value.map(bytes).join('');
}

/** @param {Node | undefined} node */
const oid = (node) => asn1.derToOid(bytes(node));

/**
 * @param {Node | undefined} node how many rounds a key takes to be made
 * @returns {number}
 */
function bearable(node) {
  const rounds = parseInt(util.bytesToHex(bytes(node)), 16);
  if (!(rounds >= 1 && rounds <= MOST_ROUNDS)) throw new Fault('unsupported');
  return rounds;
}
