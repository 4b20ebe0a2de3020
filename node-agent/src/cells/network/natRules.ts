export interface NatOptions {
  /** The table's name, the node's own. */
  readonly table: string;
  /** The machine's end of the pair of interfaces. */
  readonly interface: string;
  /** The cells' addresses, as `198.18.0.0/30`. */
  readonly subnet4: string;
  /** Absent where the machine has no IPv6 to offer. */
  readonly subnet6?: string | undefined;
  readonly resolvers: readonly string[];
}

/**
 * The node's own table in the machine's network: cells leave under the machine's address, and of the machine itself they
 * reach the web server and a resolver, whatever addresses it has by now. Pure. No other table is touched.
 */
export function natRules({ table, interface: name, subnet4, subnet6, resolvers }: NatOptions): string {
  const dns = resolvers.map((address) => {
    const family = address.includes(":") ? "ip6" : "ip";
    return `    iifname "${name}" ${family} daddr ${address} meta l4proto { tcp, udp } th dport 53 accept\n`;
  });
  return `table inet ${table} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${subnet4} oifname != "${name}" masquerade
${subnet6 === undefined ? "" : `    ip6 saddr ${subnet6} oifname != "${name}" masquerade\n`}  }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    iifname "${name}" ct state established,related accept
    iifname "${name}" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
${dns.join("")}    iifname "${name}" tcp dport { 80, 443 } accept
    iifname "${name}" drop
  }
}
`;
}
