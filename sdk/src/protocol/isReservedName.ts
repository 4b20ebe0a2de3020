const RESERVED = new Set(["www", "api", "app", "admin", "mail", "ns1", "ns2", "status", "docs"]);

/**
 * Whether a label below the zone is one that only the network's name keeper may claim.
 *
 * Source: `Domain.isReserved` in contracts/libraries/Domain.sol.
 */
export function isReservedName(label: string): boolean {
  return RESERVED.has(label);
}
