import type { Address } from "viem";
import { nameRegistry } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

export interface Claim {
  readonly projectId: bigint;
  readonly domain: string;
}

/**
 * Claims a domain for a project; at most 32. For a domain outside the zone it also makes `deploy` of the caller
 * find this project. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `NAME_TAKEN`, `NAME_RESTING`, `NAME_KEPT`, `NAME_IS_RESERVED`, `TOO_MANY_DOMAINS`, or what
 *   every write throws, see `sendCall`.
 */
export const claimDomain = /* @__PURE__ */ defineWrite({
  contract: nameRegistry,
  functionName: "claimDomain",
  args: ({ projectId, domain }: Claim) => [projectId, domain],
});

/**
 * Gives a domain up. A name of the zone is free to others after 30 epochs, to its last owner at once. For the project's
 * owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `DOMAIN_NOT_CLAIMED`, or what every write throws, see `sendCall`.
 */
export const releaseDomain = /* @__PURE__ */ defineWrite({
  contract: nameRegistry,
  functionName: "releaseDomain",
  args: ({ projectId, domain }: Claim) => [projectId, domain],
});

/**
 * Which project a `deploy` of an account to a domain goes to: one that the account owns. Undefined: it would create one, or
 * the name rests or is kept.
 *
 * @throws `NAME_TAKEN`, `DOMAIN_HAS_WRONG_CHARACTER`, `NOT_ONE_LABEL_BELOW_ZONE`, `NAME_IS_RESERVED`, or that the chain
 *   cannot be asked.
 */
export const projectAt = /* @__PURE__ */ defineView({
  contract: nameRegistry,
  functionName: "projectAt",
  args: ({ domain, who }: { readonly domain: string; readonly who: Address }) => [domain, who],
  result: (projectId) => (projectId === 0n ? undefined : projectId),
});

/**
 * Whether a project that is open holds a domain.
 *
 * @throws `DOMAIN_HAS_WRONG_CHARACTER`, `NOT_ONE_LABEL_BELOW_ZONE`, `NAME_IS_RESERVED`, or that the chain cannot be asked.
 */
export const holds = /* @__PURE__ */ defineView({
  contract: nameRegistry,
  functionName: "holds",
  args: ({ projectId, domain }: Claim) => [projectId, domain],
});

/**
 * The network's own domain.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const zone = /* @__PURE__ */ defineView({ contract: nameRegistry, functionName: "zone" });
