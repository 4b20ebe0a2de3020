import { isIP } from "node:net";

/**
 * The resolvers of a `resolv.conf` that can be reached from another network namespace: not those on loopback, nor
 * link-local ones. Pure.
 */
export function parseResolvers(resolvConf: string): string[] {
  return resolvConf
    .split("\n")
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? "")
    .filter((address) => isIP(address) !== 0 && !/^(127\.|::1$|fe80:)/i.test(address));
}
