import { capOf, seatBits, unpackTerms } from "../protocol/terms.ts";
import { DONE, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelAccount, ModelName, ModelProject } from "./model.ts";
import { currentEpoch, projectIn, targetKey } from "./views.ts";

/** Epochs that a name rests after it was given up. */
const NAME_REST = 30;
/** Epochs between the notice that a project cannot pay and the lapse of its name. */
const LAPSE_AFTER = 90;
const MAX_DOMAINS = 32;

/** Source: contracts/NameRegistry.sol; refusals come in its order. */
export const nameRules: ModelRules<"claimDomain" | "releaseDomain" | "noticeLapse" | "lapse"> = {
  claimDomain(model, { by, projectId, domain }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (by !== project.owner) return refuse("NOT_PROJECT_OWNER");
    if (project.closedFrom !== 0) return refuse("PROJECT_CLOSED");
    const isHeld = isWrittenTo(model, project, domain);
    if (isHeld && isInZone(domain)) return DONE;
    const refused = isHeld ? undefined : domainRefusal(model, by, domain);
    if (refused) return refused;
    if (!isHeld && project.domains === MAX_DOMAINS) return refuse("TOO_MANY_DOMAINS");
    claimDomain(model, project, by, domain);
    return DONE;
  },

  releaseDomain(model, { by, projectId, domain }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (by !== project.owner) return refuse("NOT_PROJECT_OWNER");
    if (!holds(model, project, domain)) return refuse("DOMAIN_NOT_CLAIMED");
    project.domains--;
    const name = model.names.get(domain);
    if (isInZone(domain) && name !== undefined) {
      name.releasedAt = currentEpoch(model);
      name.noticedAt = 0;
      return DONE;
    }
    project.claims.delete(domain);
    if (model.targets.get(targetKey(domain, by)) === projectId) model.targets.delete(targetKey(domain, by));
    return DONE;
  },

  noticeLapse(model, { domain }) {
    const unfunded = unfundedName(model, domain);
    if ("refused" in unfunded) return unfunded;
    const { name, changedIn } = unfunded;
    const epoch = currentEpoch(model);
    if (changedIn >= epoch) return refuse("NOTICED_TOO_SOON");
    if (name.noticedAt > changedIn) return refuse("ALREADY_NOTICED");
    name.noticedAt = epoch;
    return DONE;
  },

  lapse(model, { domain }) {
    const unfunded = unfundedName(model, domain);
    if ("refused" in unfunded) return unfunded;
    const { name, project, changedIn } = unfunded;
    if (name.noticedAt <= changedIn) return refuse("NOT_NOTICED");
    if (currentEpoch(model) <= name.noticedAt + LAPSE_AFTER) return refuse("NOT_LAPSED");
    model.names.delete(domain);
    project.domains--;
    return DONE;
  },
};

/** Why somebody cannot have a domain for a project that does not hold it; undefined where they can. */
export function domainRefusal(model: Model, by: ModelAccount, domain: string): ModelOutcome | undefined {
  const name = isInZone(domain) ? model.names.get(domain) : undefined;
  const last = name === undefined ? undefined : projectIn(model, name.projectId);
  if (name === undefined || last === undefined) return undefined;
  if (name.releasedAt === undefined && last.closedFrom === 0) return refuse("NAME_TAKEN");
  const lastEpoch = (name.releasedAt ?? last.closedFrom - 1) + NAME_REST;
  const rests = by !== last.owner && currentEpoch(model) <= lastEpoch;
  return rests ? refuse("NAME_RESTING") : undefined;
}

/** Gives a project a domain that nothing refuses it. */
export function claimDomain(model: Model, project: ModelProject, by: ModelAccount, domain: string): void {
  if (!isWrittenTo(model, project, domain)) project.domains++;
  if (!isInZone(domain)) {
    project.claims.add(domain);
    model.targets.set(targetKey(domain, by), project.projectId);
    return;
  }
  // A closed project keeps its names until others claim them.
  const name = model.names.get(domain);
  const last = name === undefined ? undefined : projectIn(model, name.projectId);
  if (last !== undefined && name?.releasedAt === undefined) last.domains--;
  model.names.set(domain, { projectId: project.projectId, releasedAt: undefined, noticedAt: 0 });
}

/** Makes `deploy` of the new owner go to the project, at those of these domains that lie outside the zone. */
export function setTargets(
  model: Model,
  project: ModelProject,
  by: ModelAccount,
  domains: readonly string[],
): ModelOutcome {
  if (!domains.every((domain) => holds(model, project, domain))) return refuse("DOMAIN_NOT_CLAIMED");
  for (const domain of domains) {
    if (!isInZone(domain)) model.targets.set(targetKey(domain, by), project.projectId);
  }
  return DONE;
}

/** The project that a `deploy` of an account to a domain goes to; undefined where there is none. A name can be another's. */
export function projectAt(
  model: Model,
  domain: string,
  by: ModelAccount,
): ModelProject | { readonly refused: string } | undefined {
  const projectId = isInZone(domain)
    ? model.names.get(domain)?.projectId
    : model.targets.get(targetKey(domain, by));
  const project = projectId === undefined ? undefined : projectIn(model, projectId);
  if (project === undefined || !holds(model, project, domain)) return undefined;
  if (project.owner === by) return project;
  return isInZone(domain) ? refuse("NAME_TAKEN") : undefined;
}

/** The name of a project that cannot pay one epoch, and the epoch in which its credit last rose or its terms changed. */
function unfundedName(
  model: Model,
  domain: string,
): { name: ModelName; project: ModelProject; changedIn: number } | { readonly refused: string } {
  if (!isInZone(domain)) return refuse("NOT_IN_ZONE");
  const name = model.names.get(domain);
  const project = name === undefined ? undefined : projectIn(model, name.projectId);
  if (name === undefined || name.releasedAt !== undefined || project === undefined) {
    return refuse("NAME_IS_FREE");
  }
  let seats = 0n;
  for (let rest = seatBits(project.terms); rest !== 0; rest &= rest - 1) seats++;
  const budget = capOf(project.terms) * (seats === 0n ? 1n : seats);
  if (project.credit.balance >= budget) return refuse("STILL_FUNDED");
  return {
    name,
    project,
    changedIn: Math.max(project.credit.raisedAt, unpackTerms(project.terms).fromEpoch),
  };
}

/** A domain of the model without a dot is a name of the zone. */
export function isInZone(domain: string): boolean {
  return !domain.includes(".");
}

function holds(model: Model, project: ModelProject, domain: string): boolean {
  return project.closedFrom === 0 && isWrittenTo(model, project, domain);
}

function isWrittenTo(model: Model, project: ModelProject, domain: string): boolean {
  if (!isInZone(domain)) return project.claims.has(domain);
  const name = model.names.get(domain);
  return name !== undefined && name.projectId === project.projectId && name.releasedAt === undefined;
}
