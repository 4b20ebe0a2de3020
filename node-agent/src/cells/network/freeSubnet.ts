/** 198.18.0.0/15, reserved for benchmarks (RFC 2544): in no network that a machine is in. So many /30 it has. */
const SUBNETS = 2 ** 15;

export interface Subnet {
  /** As `198.18.4.8/30` */
  readonly subnet: string;
  readonly host: string;
  readonly cells: string;
}

/**
 * A subnet for two ends of a cable that no route of the machine has. Pure but for `random`.
 *
 * @param routes - the machine's, as `ip route` prints them.
 */
export function freeSubnet(routes: string, random: () => number = Math.random): Subnet {
  for (let attempt = 0; ; attempt += 1) {
    const number = Math.floor(random() * SUBNETS) * 4;
    const at = (offset: number) => {
      const value = number + offset;
      return `198.${18 + (value >> 16)}.${(value >> 8) & 255}.${value & 255}`;
    };
    const subnet = `${at(0)}/30`;
    if (!routes.includes(subnet)) return { subnet, host: at(1), cells: at(2) };
    if (attempt > 100) throw new Error("no subnet of 198.18.0.0/15 is free");
  }
}
