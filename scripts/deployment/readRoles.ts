import { accessManagerAbi, type NetworkClient } from "@worker3/sdk";
import type { Address, Hex } from "viem";
import type { Change, Member, RoleState, Roles, TargetState } from "./declaredRoles.ts";
import type { RoleKeys } from "./roleKeys.ts";

export interface ReadRolesParameters {
  readonly accessManager: Address;
  readonly keys: RoleKeys;
  /** What is declared is asked for, whether or not an event tells of it. */
  readonly declared: Roles;
  readonly blockNumber: bigint;
  /** Of the block, in Unix seconds. */
  readonly now: number;
}

/** Asks the access manager for everything that its events and the declaration name. */
export async function readRoles(client: NetworkClient, parameters: ReadRolesParameters): Promise<Roles> {
  const { declared, keys } = parameters;
  const ids = new Set([...declared.roles.keys(), ...keys.accounts.keys()]);
  const addresses = new Set([...declared.targets.keys(), ...keys.functions.keys()]);
  const [roles, targets] = await Promise.all([
    Promise.all(
      [...ids].map(async (id): Promise<[bigint, RoleState]> => [id, await readRole(client, parameters, id)]),
    ),
    Promise.all(
      [...addresses].map(
        async (address): Promise<[Address, TargetState]> => [
          address,
          await readTarget(client, parameters, address),
        ],
      ),
    ),
  ]);
  return { roles: new Map(roles), targets: new Map(targets) };
}

async function readRole(
  { publicClient }: NetworkClient,
  { accessManager, keys, declared, blockNumber, now }: ReadRolesParameters,
  id: bigint,
): Promise<RoleState> {
  const manager = { address: accessManager, abi: accessManagerAbi, blockNumber } as const;
  const expected = declared.roles.get(id)?.members.map(({ account }) => account) ?? [];
  const accounts = [...new Set([...expected, ...(keys.accounts.get(id) ?? [])])];
  const [admin, guardian, grantDelay, accesses] = await Promise.all([
    publicClient.readContract({ ...manager, functionName: "getRoleAdmin", args: [id] }),
    publicClient.readContract({ ...manager, functionName: "getRoleGuardian", args: [id] }),
    publicClient.readContract({ ...manager, functionName: "getRoleGrantDelay", args: [id] }),
    Promise.all(
      accounts.map((account) =>
        publicClient.readContract({ ...manager, functionName: "getAccess", args: [id, account] }),
      ),
    ),
  ]);
  const members = accounts.flatMap((account, index): Member[] => {
    const [since = 0, delay = 0, pendingDelay = 0, effect = 0] = accesses[index] ?? [];
    if (since === 0) return [];
    return [
      {
        account,
        delay,
        ...(since > now ? { since } : {}),
        ...(effect === 0 ? {} : { nextDelay: { delay: pendingDelay, from: effect } }),
      },
    ];
  });
  return { members, admin, guardian, grantDelay, nextGrantDelay: toCome(keys.grantDelays.get(id), now) };
}

async function readTarget(
  { publicClient }: NetworkClient,
  { accessManager, keys, declared, blockNumber, now }: ReadRolesParameters,
  target: Address,
): Promise<TargetState> {
  const manager = { address: accessManager, abi: accessManagerAbi, blockNumber } as const;
  const expected = declared.targets.get(target)?.functions.keys() ?? [];
  const selectors = [...new Set([...expected, ...(keys.functions.get(target) ?? [])])];
  const [closed, adminDelay, functions] = await Promise.all([
    publicClient.readContract({ ...manager, functionName: "isTargetClosed", args: [target] }),
    publicClient.readContract({ ...manager, functionName: "getTargetAdminDelay", args: [target] }),
    Promise.all(
      selectors.map(async (selector): Promise<[Hex, bigint]> => {
        const args = [target, selector] as const;
        return [
          selector,
          await publicClient.readContract({ ...manager, functionName: "getTargetFunctionRole", args }),
        ];
      }),
    ),
  ]);
  const nextAdminDelay = toCome(keys.adminDelays.get(target), now);
  return { closed, adminDelay, nextAdminDelay, functions: new Map(functions) };
}

/** A change that is in force shows in the state. */
function toCome(change: Change | undefined, now: number): Change | undefined {
  return change !== undefined && change.from > now ? change : undefined;
}
