import { ProtocolError } from "./ProtocolError.ts";

const MIN_LABEL = 3;

/**
 * The label that a domain claims below the zone: `shop` for `shop.worker3.dev`; undefined where it lies outside the
 * zone. Refuses what the contract refuses: the zone itself, deeper names, labels below 3 characters, punycode, and names
 * that the network's own DNS gives a meaning.
 *
 * Source: `Domain.zoneLabel` in contracts/libraries/Domain.sol.
 *
 * @param domain A checked domain, see `checkDomain`.
 * @throws {ProtocolError} `ZONE_DEPTH`, `ZONE_LABEL_LENGTH`, `ZONE_PUNYCODE`, `NAME_RESERVED`.
 */
export function zoneLabel(domain: string, zone: string): string | undefined {
  if (domain === zone) throw depthError(domain);
  if (!domain.endsWith(`.${zone}`)) return undefined;

  const label = domain.slice(0, -zone.length - 1);
  if (label.includes(".")) throw depthError(domain);
  if (label.length < MIN_LABEL) {
    throw nameError(
      "ZONE_LABEL_LENGTH",
      `a name of the zone has ${MIN_LABEL} to 63 characters before the zone`,
      domain,
    );
  }
  if (label.slice(2, 4) === "--") {
    throw nameError(
      "ZONE_PUNYCODE",
      "a name of the zone has no hyphens at its third and fourth place, which would announce punycode",
      domain,
    );
  }
  if (isTechnical(label)) throw nameError("NAME_RESERVED", "the network needs this name itself", domain);
  return label;
}

// `at`, `ns` and the regions of two letters are too short to be names at all.
const TECHNICAL = new Set(["nodes", "wnam", "enam", "sam", "weur", "eeur", "apac", "afr"]);

function isTechnical(label: string): boolean {
  return TECHNICAL.has(label) || /^[nv]\d*$/.test(label);
}

function depthError(domain: string): ProtocolError {
  return nameError("ZONE_DEPTH", "below the zone exactly one label can be claimed", domain);
}

function nameError(code: string, message: string, value: string): ProtocolError {
  return new ProtocolError({ code, message, value, next: "choose another name" });
}
