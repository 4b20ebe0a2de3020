import { ProtocolError } from "./ProtocolError.ts";

const MIN_LABEL = 3;

/**
 * The label that a domain claims below the zone: `shop` for `shop.worker3.dev`; undefined where it lies outside the
 * zone. Refuses what the contract refuses: the zone itself, deeper names, labels below 3 characters, punycode, and names
 * that the network's own DNS gives a meaning.
 *
 * Source: `Domain.parse` in contracts/libraries/Domain.sol.
 *
 * @param domain A checked domain, see `checkDomain`.
 * @throws {ProtocolError} `NOT_ONE_LABEL_BELOW_ZONE`, `ZONE_LABEL_HAS_WRONG_LENGTH`, `ZONE_LABEL_LOOKS_LIKE_PUNYCODE`, `NAME_IS_RESERVED`.
 */
export function zoneLabel(domain: string, zone: string): string | undefined {
  if (domain === zone) throw depthError(domain);
  if (!domain.endsWith(`.${zone}`)) return undefined;

  const label = domain.slice(0, -zone.length - 1);
  if (label.includes(".")) throw depthError(domain);
  if (label.length < MIN_LABEL) {
    throw nameError(
      "ZONE_LABEL_HAS_WRONG_LENGTH",
      `a name of the zone has ${MIN_LABEL} to 63 characters before the zone`,
      domain,
    );
  }
  if (label.slice(2, 4) === "--") {
    throw nameError(
      "ZONE_LABEL_LOOKS_LIKE_PUNYCODE",
      "a name of the zone has no hyphens at its third and fourth place, which would announce punycode",
      domain,
    );
  }
  if (isTechnical(label)) throw nameError("NAME_IS_RESERVED", "the network needs this name itself", domain);
  return label;
}

// `at`, `ns` and the regions of two letters are too short to be names at all.
const TECHNICAL = new Set(["nodes", "wnam", "enam", "sam", "weur", "eeur", "apac", "afr"]);

function isTechnical(label: string): boolean {
  return TECHNICAL.has(label) || /^[npv]\d*$/.test(label);
}

function depthError(domain: string): ProtocolError {
  return nameError("NOT_ONE_LABEL_BELOW_ZONE", "below the zone exactly one label can be claimed", domain);
}

function nameError(code: string, message: string, value: string): ProtocolError {
  return new ProtocolError({ code, message, value, next: "choose another name" });
}
