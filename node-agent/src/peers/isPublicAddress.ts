import { BlockList, isIP } from "node:net";

/** What no node on the internet answers at. Source: IANA's registry of special-purpose IPv4 addresses. */
export const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local, and the clouds' metadata
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Inside 2000::/3, which alone is global: registries of protocols, documentation, and 6to4, which hides an IPv4 address. */
export const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const specialIpv4 = listOf("ipv4", SPECIAL_IPV4);
const specialIpv6 = listOf("ipv6", SPECIAL_IPV6);
const globalIpv6 = listOf("ipv6", [["2000::", 3]]);
const mappedIpv4 = listOf("ipv6", [["::ffff:0:0", 96]]);

/**
 * Whether an address is one of the public internet: not private, loopback, link-local, a cloud's metadata, reserved or
 * multicast. An IPv4 address in IPv6 form counts as the IPv4 address. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes("%")) return false; // a zone: link-local
  const family = isIP(address);
  if (family === 4) return !specialIpv4.check(address, "ipv4");
  if (family !== 6) return false;
  // `BlockList` compares a mapped address with the rules for IPv4.
  if (mappedIpv4.check(address, "ipv6")) return !specialIpv4.check(address, "ipv6");
  return globalIpv6.check(address, "ipv6") && !specialIpv6.check(address, "ipv6");
}

function listOf(family: "ipv4" | "ipv6", subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
