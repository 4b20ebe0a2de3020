import { type LookupAddress, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import { AddressRefusedError } from "./AddressRefusedError.ts";
import { isPublicAddress } from "./isPublicAddress.ts";

/** All addresses of a host name. */
export type Resolve = (
  host: string,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface PeerDispatcherOptions {
  /** Whether strangers' endpoints may be private: on a devnet only. */
  readonly allowPrivateAddresses: boolean;
  /** For finding the address, connecting and TLS together. */
  readonly connectTimeoutMs: number;
  /** For tests: other names than this machine's resolver knows. */
  readonly resolve?: Resolve | undefined;
}

/**
 * What carries requests to endpoints that strangers chose. A name is resolved once, its addresses are checked, and the
 * connection goes to one of those checked and to no other: a second answer of its name server changes nothing. A request
 * to anything else fails with `AddressRefusedError`. Close it when it is done with.
 */
export function createPeerDispatcher(options: PeerDispatcherOptions): Agent {
  const { allowPrivateAddresses, connectTimeoutMs, resolve = resolveAll } = options;
  const isAllowed = (address: string): boolean => allowPrivateAddresses || isPublicAddress(address);

  const checkedLookup: LookupFunction = (host, { all }, callback) => {
    resolve(host, (error, addresses) => {
      if (error !== null) return callback(error, "");
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) {
        const found = addresses.map(({ address }) => address);
        return callback(new AddressRefusedError(host, found), "");
      }
      if (all === true) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };

  const connector = buildConnector({ lookup: checkedLookup, timeout: connectTimeoutMs, allowH2: false });
  return new Agent({
    allowH2: false,
    connect(target, callback) {
      const host = target.hostname.replace(/^\[(.*)\]$/, "$1");
      // No lookup happens for an address.
      if (isIP(host) !== 0 && !isAllowed(host)) return callback(new AddressRefusedError(host, [host]), null);
      return connector(target, callback);
    },
  });
}

const resolveAll: Resolve = (host, callback) => lookup(host, { all: true }, callback);
