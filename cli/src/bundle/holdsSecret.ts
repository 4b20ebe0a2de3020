import { closeSync, constants, openSync, readSync } from "node:fs";
import { isRecord } from "./isRecord.ts";

/** A key begins here, or there is none in front. */
const LOOKED_AT = 4096;
const PEM = /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/m;
/** What stands in front of a key that a program wrote: other parts of a PEM file, or what it tells of them. */
const ARMOUR = /^\s*(-----BEGIN |Bag Attributes)/;
const OTHERS = /^(PuTTY-User-Key-File-\d|(# .*\n)*AGE-SECRET-KEY-1)/;

const looked = Buffer.alloc(LOOKED_AT);

/**
 * Whether a file is a private key, whatever it is called: by its first bytes, and as a whole where it is a wallet's
 * keystore (Web3 Secret Storage) or the key of a service account. A page that shows a key is none.
 *
 * It does not wait: a tenth of the time that it would take through the queue of threads, which counts for 100,000 files.
 */
export function holdsSecret(onDisk: string): boolean {
  const length = readHead(onDisk);
  const first = looked[0];
  // Most files are told by one byte.
  if (length === 0 || first === undefined || !BEGINNINGS.has(first)) return false;
  const text = looked.toString("latin1", 0, length).replace(/^ï»¿/, "").replaceAll("\r", "");
  return (ARMOUR.test(text) && PEM.test(text)) || OTHERS.test(text) || isKeyOfJson(text);
}

/** Of each pattern above, of white space, a byte order mark and an object. */
const BEGINNINGS = new Set(Buffer.from("-BPA#{ \t\r\n\xEF", "latin1"));

/** One that cannot be opened is told where it is packed. */
function readHead(onDisk: string): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(onDisk, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return readSync(descriptor, looked, 0, LOOKED_AT, 0);
  } catch {
    return 0;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isKeyOfJson(text: string): boolean {
  if (!/^\s*\{/.test(text) || !/"(crypto|private_key)"/i.test(text)) return false;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false; // or larger than a key
  }
  if (!isRecord(value)) return false;
  const crypto = value.crypto ?? value.Crypto;
  if (isRecord(crypto) && "ciphertext" in crypto && "kdf" in crypto) return true;
  return typeof value.private_key === "string" && PEM.test(value.private_key);
}
