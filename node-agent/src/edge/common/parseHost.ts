import { isIP, isIPv6 } from "node:net";

/** Who a request is for, from its `Host` header. `name` is lower case, without port, trailing dot or brackets. */
export interface ParsedHost {
  readonly name: string;
  /** An IP literal or `localhost`: never a tenant's. */
  readonly isAddress: boolean;
}

const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?)\.?)(?::(\d{0,5}))?$/;
/** Of ports. No URL has a larger one. */
const MAX_PORT = 65_535;

/**
 * Reads the value of a `Host` header (RFC 9110, 7.2).
 *
 * @returns undefined where it is not a host name or an address, or has a port that nothing can listen on.
 */
export function parseHost(value: string): ParsedHost | undefined {
  const [, ipv6, name, port = ""] = HOST.exec(value.toLowerCase()) ?? [];
  if (port !== "" && (Number(port) === 0 || Number(port) > MAX_PORT)) return undefined;
  if (ipv6 !== undefined) return isIPv6(ipv6) ? { name: ipv6, isAddress: true } : undefined;
  if (name === undefined || name.includes("..")) return undefined;
  return { name, isAddress: name === "localhost" || isIP(name) !== 0 };
}
