import type { Address } from "viem";
import { projectRegistry } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

/** `deploy`: addVersion, activate, split, upload; never domains, replicas, money or ownership. */
export type Rights = "none" | "deploy";

export interface Delegation {
  readonly projectId: bigint;
  readonly who: Address;
  readonly rights: Rights;
}

/**
 * Sets what another account may do for the caller's project.
 *
 * @throws `NOT_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export const setDelegate = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "setDelegate",
  args: ({ projectId, who, rights }: Delegation) => [projectId, who, rights === "deploy" ? 1 : 0],
});

/**
 * Whether an account may add versions: the owner, or a delegate with the right to deploy.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const mayDeploy = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "mayDeploy",
  args: ({ projectId, who }: { readonly projectId: bigint; readonly who: Address }) => [projectId, who],
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

/**
 * Takes over a project with its credit and its domains. Clears the meter, and delegates of the owner before no
 * longer count. For the proposed owner.
 *
 * @throws `NOT_PENDING_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export const acceptOwnership = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "acceptOwnership",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
});
