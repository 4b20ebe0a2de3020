import { type Address, type Hex, toFunctionSelector } from "viem";
import { ADMIN_ROLE, GUARDIAN_ROLE, PARAMETERS_ROLE, RESTRICTED } from "../../ignition/roles.ts";
import type { Declared } from "./declare.ts";

/** What the access manager is told about a role. */
export interface RoleState {
  /** Seconds that a member's calls wait. */
  readonly members: readonly Member[];
  readonly admin: bigint;
  readonly guardian: bigint;
  /** Seconds until a new member counts. */
  readonly grantDelay: number;
  /** A change of `grantDelay` that is still to come: the access manager lets none count before five days. */
  readonly nextGrantDelay?: Change | undefined;
}

export interface Member {
  readonly account: Address;
  /** Seconds that the member's calls wait. */
  readonly delay: number;
  /** Unix seconds; only where the member counts from a moment that is still to come. */
  readonly since?: number | undefined;
  readonly nextDelay?: Change | undefined;
}

/** A delay, in seconds, from a moment on, in Unix seconds. */
export interface Change {
  readonly delay: number;
  readonly from: number;
}

/** What the access manager is told about a contract. */
export interface TargetState {
  readonly closed: boolean;
  /** Seconds that changes of the contract's roles wait, beside the admin's own delay. */
  readonly adminDelay: number;
  readonly nextAdminDelay?: Change | undefined;
  /** Which role may call a restricted function. */
  readonly functions: ReadonlyMap<Hex, bigint>;
}

export interface Roles {
  readonly roles: ReadonlyMap<bigint, RoleState>;
  readonly targets: ReadonlyMap<Address, TargetState>;
}

/** The roles of `ignition/modules/Worker3.ts`. */
export function declaredRoles(declared: Declared): Roles {
  const { admin, guardian, parameters, contracts } = declared;
  const plain = { admin: ADMIN_ROLE, guardian: ADMIN_ROLE, grantDelay: 0 };
  const member = (account: Address, delay: number): Member[] => [{ account, delay }];
  const open = { closed: false, adminDelay: 0 };
  const targets = Object.entries(RESTRICTED).map(([name, functions]): [Address, TargetState] => [
    contracts[name as keyof typeof RESTRICTED],
    {
      ...open,
      functions: new Map([
        ...functions.parameters.map((text): [Hex, bigint] => [toFunctionSelector(text), PARAMETERS_ROLE]),
        ...functions.guardian.map((text): [Hex, bigint] => [toFunctionSelector(text), GUARDIAN_ROLE]),
      ]),
    },
  ]);
  return {
    roles: new Map([
      [
        ADMIN_ROLE,
        {
          ...plain,
          members: member(admin, parameters.adminDelaySeconds),
          grantDelay: parameters.adminDelaySeconds,
        },
      ],
      [
        PARAMETERS_ROLE,
        {
          ...plain,
          guardian: GUARDIAN_ROLE,
          members: member(admin, parameters.parameterDelaySeconds),
          grantDelay: parameters.parameterDelaySeconds,
        },
      ],
      [GUARDIAN_ROLE, { ...plain, members: member(guardian, 0) }],
    ]),
    targets: new Map([[contracts.AccessManager, { ...open, functions: new Map() }], ...targets]),
  };
}
