import { ProtocolError } from "./ProtocolError.ts";

const MIN_LENGTH = 3;
const MAX_LENGTH = 253;
const MAX_LABEL = 63;

/**
 * Refuses what is no domain: lower-case letters, digits and hyphens in labels of 1 to 63 characters, at least two
 * labels, 253 characters in all, no hyphen at either end of a label, and a last label that is not a number. Refuses the
 * same texts for the same reasons as the contract.
 *
 * Source: `Domain.parse` in contracts/libraries/Domain.sol (RFC 1035, RFC 1123, RFC 3696).
 *
 * @throws {ProtocolError} `DOMAIN_HAS_WRONG_LENGTH`, `DOMAIN_HAS_WRONG_CHARACTER`, `DOMAIN_HAS_WRONG_LABEL`, `DOMAIN_HAS_NO_TOP_LEVEL`.
 */
export function checkDomain(domain: string): void {
  // The contract counts and reads bytes.
  const raw = new TextEncoder().encode(domain);
  const { length } = raw;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw domainError(
      "DOMAIN_HAS_WRONG_LENGTH",
      `a domain has ${MIN_LENGTH} to ${MAX_LENGTH} characters, not ${length}`,
      domain,
    );
  }

  let start = 0;
  let numeric = true;
  for (let i = 0; i < length; i++) {
    const c = raw[i] ?? 0;
    if (c === DOT) {
      checkLabel(domain, raw, start, i);
      start = i + 1;
      numeric = true;
    } else if ((c >= LOWER_A && c <= LOWER_Z) || c === HYPHEN) {
      numeric = false;
    } else if (c < DIGIT_0 || c > DIGIT_9) {
      throw domainError(
        "DOMAIN_HAS_WRONG_CHARACTER",
        `character ${characterAt(raw, i)} of the domain is not a lower-case letter, a digit, a hyphen or a dot`,
        domain,
        "write the domain in lower case; other letters need their punycode form (xn--...)",
      );
    }
  }
  checkLabel(domain, raw, start, length);
  if (start === 0 || numeric) {
    throw domainError(
      "DOMAIN_HAS_NO_TOP_LEVEL",
      "a domain has a dot, and its last label is not a number",
      domain,
    );
  }
}

const DOT = 0x2e;
const HYPHEN = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;

function checkLabel(domain: string, raw: Uint8Array, start: number, end: number): void {
  if (end === start || end - start > MAX_LABEL || raw[start] === HYPHEN || raw[end - 1] === HYPHEN) {
    throw domainError(
      "DOMAIN_HAS_WRONG_LABEL",
      `the label that ends ${end === raw.length ? "at the end" : `before character ${characterAt(raw, end)}`} is empty, longer than ${MAX_LABEL}, or has a hyphen at its start or end`,
      domain,
    );
  }
}

/** The number of a character as a person counts, from 1: the contract counts bytes, from 0. */
function characterAt(raw: Uint8Array, index: number): number {
  return [...new TextDecoder().decode(raw.subarray(0, index))].length + 1;
}

function domainError(code: string, message: string, value: string, next?: string): ProtocolError {
  return new ProtocolError({ code, message, value, next });
}
