import { createCipheriv, createHash } from "node:crypto";

/** Bytes that look random and depend on the seed alone: ChaCha20's key stream for the key sha256(seed). */
export function seeded(bytes: number, seed: string): Uint8Array {
  const key = createHash("sha256").update(seed).digest();
  return createCipheriv("chacha20", key, new Uint8Array(16)).update(new Uint8Array(bytes));
}

/** A stream of whole numbers from 0 to below `end`, for a seed. */
export function seededNumbers(seed: string): (end: number) => number {
  let index = 0;
  return (end) => {
    index += 1;
    return createHash("sha256").update(`${seed} ${index}`).digest().readUInt32BE() % end;
  };
}
