const RESERVED = new Set(
  "www api app admin mail smtp ns1 ns2 ns3 dns status docs wpad isatap autodiscover autoconfig mta-sts login account security abuse postmaster play cdn gateway ipfs".split(
    " ",
  ),
);

/**
 * Whether a label below the zone is one that only the network's name keeper may claim.
 *
 * Source: `_isReserved` in contracts/libraries/Domain.sol.
 */
export function isReservedName(label: string): boolean {
  return RESERVED.has(label);
}
