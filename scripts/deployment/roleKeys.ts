import { accessManagerAbi } from "@worker3/sdk";
import { type Address, type Hex, type Log, parseEventLogs } from "viem";
import type { Change } from "./declaredRoles.ts";

/** What the access manager can be asked for: its state cannot be listed, its events say of what there is some. */
export interface RoleKeys {
  /** Everyone who ever was a member. */
  readonly accounts: ReadonlyMap<bigint, ReadonlySet<Address>>;
  /** Every function whose role was ever set. */
  readonly functions: ReadonlyMap<Address, ReadonlySet<Hex>>;
  /** The newest change, in force or not: of these the state does not show what is to come. */
  readonly grantDelays: ReadonlyMap<bigint, Change>;
  readonly adminDelays: ReadonlyMap<Address, Change>;
}

/** Collects the keys from all logs of the access manager, in the order of the chain. */
export function roleKeys(logs: readonly Log[]): RoleKeys {
  const accounts = new Map<bigint, Set<Address>>();
  const functions = new Map<Address, Set<Hex>>();
  const grantDelays = new Map<bigint, Change>();
  const adminDelays = new Map<Address, Change>();
  const role = (id: bigint) => entryOf(accounts, id);
  const target = (address: Address) => entryOf(functions, address);

  for (const { eventName, args } of parseEventLogs({ abi: accessManagerAbi, logs: [...logs] })) {
    if (eventName === "RoleGranted" || eventName === "RoleRevoked") role(args.roleId).add(args.account);
    else if (eventName === "RoleAdminChanged" || eventName === "RoleGuardianChanged") role(args.roleId);
    else if (eventName === "RoleGrantDelayChanged") {
      role(args.roleId);
      grantDelays.set(args.roleId, { delay: args.delay, from: args.since });
    } else if (eventName === "TargetFunctionRoleUpdated") target(args.target).add(args.selector);
    else if (eventName === "TargetClosed") target(args.target);
    else if (eventName === "TargetAdminDelayUpdated") {
      target(args.target);
      adminDelays.set(args.target, { delay: args.delay, from: args.since });
    }
  }
  return { accounts, functions, grantDelays, adminDelays };
}

function entryOf<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  const entry = map.get(key) ?? new Set<V>();
  map.set(key, entry);
  return entry;
}
