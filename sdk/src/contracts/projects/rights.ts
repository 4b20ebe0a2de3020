import type { Address } from "viem";
import { projectRegistry } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

/**
 * What a delegate may do. `deploy`: addVersion, activate, split, upload. `propose`: upload, and addVersion of versions that are
 * not live. Neither: domains, replicas, money, ownership, or anything by name.
 */
export type Rights = "none" | "deploy" | "propose";

/** Their numbers on chain, which are bits: who may do both has 3, and may do what `deploy` alone may. */
const NUMBERS: Readonly<Record<Rights, number>> = { none: 0, deploy: 1, propose: 2 };

/** The rights of their number on chain. */
export function rightsOf(number: number): Rights {
  if ((number & NUMBERS.deploy) !== 0) return "deploy";
  return (number & NUMBERS.propose) !== 0 ? "propose" : "none";
}

export interface Delegation {
  readonly projectId: bigint;
  readonly who: Address;
  readonly rights: Rights;
}

/**
 * Sets what another account may do for the caller's project. Counts while the caller owns it.
 *
 * @throws `NOT_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export const setDelegate = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "setDelegate",
  args: ({ projectId, who, rights }: Delegation) => [projectId, who, NUMBERS[rights]],
});

interface MayQuestion {
  readonly projectId: bigint;
  readonly who: Address;
}

/**
 * Whether an account may add versions: the owner, or a delegate with the right `deploy`.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const mayDeploy = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "mayDeploy",
  args: ({ projectId, who }: MayQuestion) => [projectId, who],
});

/**
 * Whether an account may add versions that are not live, and upload content: the owner, or a delegate with the right `deploy`
 * or `propose`.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const mayPropose = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "mayPropose",
  args: ({ projectId, who }: MayQuestion) => [projectId, who],
});

export interface Transfer {
  readonly projectId: bigint;
  readonly newOwner: Address;
}

/**
 * Proposes a new owner of a project, who then calls `acceptOwnership`; the zero address takes the proposal back.
 *
 * @throws `NOT_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export const transferOwnership = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "transferOwnership",
  args: ({ projectId, newOwner }: Transfer) => [projectId, newOwner],
});

export interface Acceptance {
  readonly projectId: bigint;
  /**
   * The project's domains outside the zone at which `deploy` of the new owner shall find it: what is left out, a `deploy` makes
   * a project of its own for. Names of the zone may be among them.
   */
  readonly domains: readonly string[];
}

/**
 * Takes over a project with its credit and its domains. Clears the meter, and delegates of the owner before no
 * longer count. For the proposed owner.
 *
 * @throws `NOT_PENDING_PROJECT_OWNER`, `DOMAIN_NOT_CLAIMED`, or what every write throws, see `sendCall`.
 */
export const acceptOwnership = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "acceptOwnership",
  args: ({ projectId, domains }: Acceptance) => [projectId, domains],
});
