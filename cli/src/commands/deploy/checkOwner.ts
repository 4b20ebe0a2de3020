import type { lens } from "@worker3/sdk";
import { type Address, isAddressEqual } from "viem";
import { UsageError } from "../../errors.ts";
import type { DeployOptions } from "./options.ts";

export interface CheckOwnerParameters {
  readonly project: Pick<lens.Project, "projectId" | "owner">;
  /** Who deploys; undefined: nobody that is known. */
  readonly who: Address | undefined;
  readonly options: Pick<DeployOptions, "deposit">;
}

/**
 * Whose project is deployed to, where it is somebody else's. Whoever takes a name first and makes others its delegates must not get
 * their money: into a project of somebody else only who names it by its number pays.
 *
 * @returns The owner; undefined where it is who deploys.
 * @throws {UsageError} `DEPOSIT_TO_OTHER`.
 */
export function checkOwner({ project, who, options }: CheckOwnerParameters): Address | undefined {
  const { projectId, owner } = project;
  if (who === undefined || isAddressEqual(owner, who)) return undefined;
  const { deposit = 0n } = options;
  if (deposit === 0n) return owner;
  throw new UsageError({
    code: "DEPOSIT_TO_OTHER",
    message: `Project ${projectId} belongs to ${owner}, and only its owner can take its credit out again: deploy pays into projects of your own alone.`,
    value: owner,
    next: `deploy without --deposit; if you mean to pay for it: worker3 credit deposit ${projectId} <amount>`,
  });
}

/** That another project is at a domain than the folder remembers; undefined where it is the same. */
export function movedText(
  remembered: { readonly path: string; readonly projectId: string } | undefined,
  { domain, projectId }: { readonly domain: string; readonly projectId: bigint | undefined },
): string | undefined {
  if (remembered === undefined || remembered.projectId === String(projectId)) return undefined;
  const now =
    projectId === undefined ? "no project of yours is there now" : `project ${projectId} is there now`;
  return `${remembered.path} remembers project ${remembered.projectId} at ${domain}; ${now}.`;
}
