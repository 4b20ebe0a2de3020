import type { projects } from "@worker3/sdk";
import { type Address, isAddressEqual } from "viem";
import { UsageError } from "../../errors.ts";
import { shellWord } from "../../text/shellWord.ts";
import type { DeployOptions } from "./options.ts";

export interface CheckOwnerParameters {
  readonly project: Pick<projects.Project, "projectId" | "owner">;
  /** Who deploys; undefined: nobody that is known. */
  readonly who: Address | undefined;
  readonly options: Pick<DeployOptions, "directory" | "domain" | "deposit">;
  /** Whether the domain was on the command line, and not in a file of the folder. */
  readonly isNamed: boolean;
}

/**
 * Whose project is deployed to, where it is somebody else's. A file of the folder, which may be a stranger's, decides nothing about
 * money: into a project of somebody else only who names it pays.
 *
 * @returns The owner; undefined where it is who deploys.
 * @throws {UsageError} `DEPOSIT_TO_OTHER`.
 */
export function checkOwner({ project, who, options, isNamed }: CheckOwnerParameters): Address | undefined {
  const { projectId, owner } = project;
  if (who === undefined || isAddressEqual(owner, who)) return undefined;
  const { directory, domain, deposit = 0n } = options;
  if (deposit === 0n || isNamed) return owner;
  throw new UsageError({
    code: "DEPOSIT_TO_OTHER",
    message: `The folder remembers ${domain}, where project ${projectId} of ${owner} is: only its owner can take its credit out again.`,
    value: owner,
    next: `if it is meant, name the domain: worker3 deploy ${shellWord(directory)} --domain ${domain} --deposit <amount>`,
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
