import { seatBits, unpackTerms } from "../protocol/terms.ts";
import { DONE, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelProject } from "./model.ts";
import { currentEpoch, projectIn } from "./views.ts";

/** Epochs that a name rests after it was given up. */
const NAME_REST = 30;
/** Epochs without credit after which a name may be taken away. */
const LAPSE_AFTER = 90;

/** Names of the zone. Source: contracts/projects/ProjectDomains.sol; refusals come in its order. */
export const nameRules: ModelRules<"claimName" | "releaseName" | "lapse"> = {
  claimName(model, { by, projectId, label }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (by !== project.owner) return refuse("NOT_PROJECT_OWNER");
    if (project.closedFrom !== 0) return refuse("PROJECT_CLOSED");
    return claimName(model, project, by, label);
  },

  releaseName(model, { by, projectId, label }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (by !== project.owner) return refuse("NOT_PROJECT_OWNER");
    const name = model.names.get(label);
    if (name?.projectId !== projectId || name.releasedAt !== undefined || project.closedFrom !== 0) {
      return refuse("DOMAIN_NOT_CLAIMED");
    }
    name.releasedAt = currentEpoch(model);
    return DONE;
  },

  lapse(model, { label }) {
    const name = model.names.get(label);
    const project = name === undefined ? undefined : projectIn(model, name.projectId);
    if (name === undefined || name.releasedAt !== undefined || project === undefined)
      return refuse("NAME_FREE");
    const { cap, fromEpoch } = unpackTerms(project.terms);
    let seats = 0n;
    for (let rest = seatBits(project.terms); rest !== 0; rest &= rest - 1) seats++;
    const budget = cap * (seats === 0n ? 1n : seats);
    const since = Math.max(project.credit.loweredAt, fromEpoch, name.claimedAt);
    if (project.credit.balance >= budget || currentEpoch(model) <= since + LAPSE_AFTER)
      return refuse("NOT_LAPSED");
    model.names.delete(label);
    return DONE;
  },
};

/** Why somebody cannot have a name for a project that does not hold it; undefined where it is free to them. */
export function nameRefusal(model: Model, by: string, label: string): ModelOutcome | undefined {
  const name = model.names.get(label);
  const last = name === undefined ? undefined : projectIn(model, name.projectId);
  if (name === undefined || last === undefined) return undefined;
  if (name.releasedAt === undefined && last.closedFrom === 0) return refuse("NAME_TAKEN");
  const lastEpoch = (name.releasedAt ?? last.closedFrom - 1) + NAME_REST;
  const rests = by !== last.owner && currentEpoch(model) <= lastEpoch;
  return rests ? refuse("NAME_RESTING") : undefined;
}

/** Gives a project a name; one that it holds already changes nothing. */
export function claimName(model: Model, project: ModelProject, by: string, label: string): ModelOutcome {
  const name = model.names.get(label);
  if (name?.projectId === project.projectId && name.releasedAt === undefined && project.closedFrom === 0) {
    return DONE;
  }
  const refused = nameRefusal(model, by, label);
  if (refused) return refused;
  model.names.set(label, {
    projectId: project.projectId,
    claimedAt: currentEpoch(model),
    releasedAt: undefined,
  });
  return DONE;
}
