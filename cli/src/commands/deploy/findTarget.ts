import {
  isRouted,
  lens,
  type NetworkClient,
  names,
  projects,
  readClaimants,
  resolveDomain,
  Worker3Error,
} from "@worker3/sdk";
import { readTxt } from "@worker3/sdk/node";
import { type Address, isAddressEqual } from "viem";
import { CliError } from "../../errors.ts";

export interface TargetQuestion {
  readonly domain: string;
  /** Undefined: somebody who may deploy to whatever is there. */
  readonly who: Address | undefined;
  /** Whether the version shall only be proposed. */
  readonly propose: boolean;
  readonly signal: AbortSignal;
}

/**
 * The project that a deployment to a domain goes to; undefined where it makes one. It is the caller's own, or that of an owner who
 * named the caller as delegate: what is at a name, the chain says; what is at a domain outside of the zone, its DNS, or else the claim
 * of a project of the caller's, which a hand-over may have left without a target.
 *
 * @throws `NAME_TAKEN`, `ONLY_PROPOSES`, `DOMAIN_AMBIGUOUS`, and that the chain cannot be asked.
 */
export async function findTarget(
  client: NetworkClient,
  question: TargetQuestion,
): Promise<bigint | undefined> {
  const { domain, who } = question;
  const inZone = isRouted(client.network, domain);
  let taken: unknown;
  if (who !== undefined) {
    try {
      const own = await names.projectAt(client, { domain, who });
      if (own !== undefined || inZone) return own;
    } catch (error) {
      if (!(error instanceof Worker3Error) || error.code !== "NAME_TAKEN") throw error;
      taken = error;
    }
  }
  const found = await whatIsThere(client, question);
  if (found !== undefined) {
    if (who === undefined || (await mayAdd(client, found, { ...question, who }))) return found;
    if (taken !== undefined) throw taken;
  }
  return who === undefined || inZone ? undefined : ownClaimant(client, { ...question, who });
}

async function whatIsThere(
  client: NetworkClient,
  { domain, signal }: TargetQuestion,
): Promise<bigint | undefined> {
  try {
    return (await resolveDomain(client, { domain, readTxt, signal })).projectId;
  } catch (error) {
    if (error instanceof Worker3Error && NOT_THERE.has(error.code)) return undefined;
    throw error;
  }
}

/** What says that no project is there, or that nobody knows. */
const NOT_THERE = new Set([
  "NAME_IS_FREE",
  "DOMAIN_NOT_CLAIMED",
  "DOMAIN_UNPROVEN",
  "DOMAIN_AMBIGUOUS",
  "DNS_FAILED",
]);

/** @throws {CliError} `ONLY_PROPOSES`: it may, if the version is not live. */
async function mayAdd(
  client: NetworkClient,
  projectId: bigint,
  { who, propose, domain }: TargetQuestion & { readonly who: Address },
): Promise<boolean> {
  const [deploys, proposes] = await Promise.all([
    projects.mayDeploy(client, { projectId, who }),
    projects.mayPropose(client, { projectId, who }),
  ]);
  if (deploys || !proposes) return deploys;
  if (propose) return true;
  throw new CliError({
    code: "ONLY_PROPOSES",
    message: `${who} may propose versions of project ${projectId} at ${domain}, and not make them live.`,
    value: who,
    next: "add --propose; whoever may deploy then activates the version",
  });
}

/** The project of the caller's that claims a domain outside of the zone. A deployment by the domain alone would make a second one. */
async function ownClaimant(
  client: NetworkClient,
  { domain, who, signal }: TargetQuestion & { readonly who: Address },
): Promise<bigint | undefined> {
  const claimants = await readClaimants(client, { domain, signal });
  const found = await lens.readProjects(client, { projectIds: claimants });
  const own = found.flatMap((project) =>
    project !== undefined && project.closedFrom === undefined && isAddressEqual(project.owner, who)
      ? [project.projectId]
      : [],
  );
  if (own.length < 2) return own[0];
  throw new CliError({
    code: "DOMAIN_AMBIGUOUS",
    message: `Projects ${own.join(", ")} of ${who} claim ${domain}, and neither the chain nor the DNS says which it is.`,
    value: domain,
    next: `choose one: worker3 domains add <project> ${domain}`,
  });
}
