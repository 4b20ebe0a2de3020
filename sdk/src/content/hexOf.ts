import { base16 } from "multiformats/bases/base16";

/** Bytes in lower case hexadecimal, without a prefix. */
export function hexOf(bytes: Uint8Array): string {
  return base16.encode(bytes).slice(1);
}
