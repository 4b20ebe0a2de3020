import { SPECIAL_IPV4, SPECIAL_IPV6 } from "../../peers/isPublicAddress.ts";

export interface FirewallOptions {
  /** Addresses of the machine itself that are public: cells reach its web server there and nothing else. */
  readonly ownAddresses: readonly string[];
  /** Resolvers that cells may ask, also at private addresses. */
  readonly resolvers: readonly string[];
}

/** Nobody's web server and everybody's spam: closed on Workers too. */
const SMTP = 25;
const WEB = "{ 80, 443 }";
const REFUSE = "reject with icmpx type admin-prohibited";

/**
 * The nftables rules inside the cells' network namespace: cells reach public addresses by TCP, which is all that workers
 * speak, their resolvers, and of the machine its web server; nothing reaches cells. Pure. What is refused is told to the caller, which else would wait.
 *
 * An IPv4 address in IPv6 form is sent as IPv4 by the kernel and meets those rules; one that is translated (64:ff9b::)
 * is not global and is refused.
 */
export function firewallRules({ ownAddresses, resolvers }: FirewallOptions): string {
  const own = byFamily(ownAddresses);
  const dns = byFamily(resolvers);
  return `table inet worker3
delete table inet worker3
table inet worker3 {
  set special4 { type ipv4_addr; flags interval; elements = { ${subnets(SPECIAL_IPV4)} } }
  set special6 { type ipv6_addr; flags interval; elements = { ${subnets(SPECIAL_IPV6)} } }
  chain output {
    type filter hook output priority filter; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
${lines([
  ...dns.v4.map((address) => `ip daddr ${address} meta l4proto { tcp, udp } th dport 53 accept`),
  ...dns.v6.map((address) => `ip6 daddr ${address} meta l4proto { tcp, udp } th dport 53 accept`),
  ...own.v4.flatMap((address) => [
    `ip daddr ${address} tcp dport ${WEB} accept`,
    `ip daddr ${address} ${REFUSE}`,
  ]),
  ...own.v6.flatMap((address) => [
    `ip6 daddr ${address} tcp dport ${WEB} accept`,
    `ip6 daddr ${address} ${REFUSE}`,
  ]),
])}
    oifname "lo" ${REFUSE}
    ip daddr @special4 ${REFUSE}
    ip6 daddr @special6 ${REFUSE}
    ip6 daddr != 2000::/3 ${REFUSE}
    tcp dport ${SMTP} ${REFUSE}
    meta l4proto tcp accept
    ${REFUSE}
  }
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
    iifname "lo" meta l4proto { icmp, icmpv6 } accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
`;
}

function byFamily(addresses: readonly string[]): { v4: string[]; v6: string[] } {
  return {
    v4: addresses.filter((address) => !address.includes(":")),
    v6: addresses.filter((address) => address.includes(":")),
  };
}

function subnets(list: readonly (readonly [network: string, prefix: number])[]): string {
  return list.map(([network, prefix]) => `${network}/${prefix}`).join(", ");
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `    ${rule}`).join("\n");
}
