// What of node-forge opens a PKCS#12 file; it brings no types of its own. Bytes are text, a character each.

declare module 'node-forge/lib/forge.js' {
  export interface Node {
    tagClass: number;
    type: number;
    constructed: boolean;
    value: string | Node[];
  }
  interface Bytes {
    getBytes(): string;
  }
  interface Digest {
    digestLength: number;
  }
  interface Cipher {
    output: Bytes;
    update(input: Bytes): void;
    finish(): boolean;
  }
  const forge: {
    asn1: {
      Class: { CONTEXT_SPECIFIC: number };
      fromDer(bytes: string, options: { decodeBitStrings: boolean }): Node;
      toDer(node: Node): Bytes;
      derToOid(bytes: string): string;
    };
    hmac: { create(): { start(digest: Digest, key: Bytes): void; update(bytes: string): void; digest(): Bytes } };
    md: { algorithms: Record<string, { create(): Digest }> };
    pki: {
      oids: Record<string, string>;
      pbe: {
        getCipher(oid: string, parameters: Node, password: string): Cipher;
        generatePkcs12Key(password: string, salt: Bytes, id: 3, count: number, length: number, digest: Digest): Bytes;
      };
    };
    util: {
      binary: { raw: { encode(bytes: Uint8Array): string; decode(text: string): Uint8Array<ArrayBuffer> } };
      bytesToHex(bytes: string): string;
      createBuffer(bytes: string): Bytes;
      encode64(bytes: string): string;
      encodeUtf8(text: string): string;
    };
  };
  export default forge;
}

declare module 'node-forge/lib/hmac.js';
declare module 'node-forge/lib/md.all.js';
declare module 'node-forge/lib/pbe.js';
