import {
  answersGraceMs,
  type NetworkClient,
  NodeError,
  readProjectStatus,
  replicasOf,
  withQuorum,
} from "@worker3/sdk";
import type { CommandContext } from "../context/CommandContext.ts";
import { CliError } from "../errors.ts";

/** Which versions of a project its nodes hold. */
export interface HeldVersions {
  /** How many nodes have a seat. */
  readonly seats: number;
  /** Which ones. */
  readonly nodeIds: readonly number[];
  /** Those of them that do not say what they hold. */
  readonly silent: readonly number[];
  /** The nodes that could serve a version at once. */
  holders(version: number): readonly number[];
}

interface Held {
  readonly nodeId: number;
  /** Undefined of one that does not say. */
  readonly ready: readonly number[] | undefined;
}

/**
 * Asks a project's nodes which of its versions they hold: nodes keep the newest few, and those that are served. Once half of them have
 * answered, the others have another second.
 *
 * @throws The chain cannot be asked; the signal's reason.
 */
export async function askHeldVersions(
  client: NetworkClient,
  about: { readonly projectId: bigint; readonly nodeIds: readonly number[]; readonly signal: AbortSignal },
): Promise<HeldVersions> {
  const { projectId, nodeIds, signal } = about;
  const replicas = await replicasOf(client, nodeIds);
  const tasks = replicas.map(({ nodeId, endpoint }) => async (giveUp: AbortSignal): Promise<Held> => {
    if (endpoint === "") return { nodeId, ready: undefined };
    try {
      const until = AbortSignal.any([signal, giveUp]);
      const { ready } = await readProjectStatus({ endpoint, projectId, signal: until });
      return { nodeId, ready };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NodeError || giveUp.aborted) return { nodeId, ready: undefined };
      throw error;
    }
  });
  const isDone = ({ ready }: Held): boolean => ready !== undefined;
  const answers = await withQuorum({ tasks, isDone, graceMs: answersGraceMs });
  const told = answers.sort((a, b) => a.nodeId - b.nodeId);
  return {
    seats: replicas.length,
    nodeIds: told.map(({ nodeId }) => nodeId),
    silent: told.flatMap(({ nodeId, ready }) => (ready === undefined ? [nodeId] : [])),
    holders: (version) => told.flatMap(({ nodeId, ready }) => (ready?.includes(version) ? [nodeId] : [])),
  };
}

/**
 * Makes sure that a version is there before visitors are sent to it. Where no node answers, nothing is known and nothing
 * refused: until a node has it, the version before goes on.
 *
 * @throws {CliError} `VERSION_NOT_HELD`: those that answer do not have it.
 */
export function requireHeld(
  held: HeldVersions,
  { projectId, version, cid }: { readonly projectId: bigint; readonly version: number; readonly cid: string },
): void {
  const { seats, silent } = held;
  if (silent.length === seats || held.holders(version).length > 0) return;
  const others = silent.length === 0 ? "" : `; ${silent.length} more do not say`;
  throw new CliError({
    code: "VERSION_NOT_HELD",
    message: `None of ${seats - silent.length} nodes of project ${projectId} holds version ${version}${others}.`,
    value: cid,
    next: `bring it there first: worker3 push <its folder or CAR> ${projectId}; or deploy it as a new version`,
  });
}

/** Says which nodes visitors will not get a version from at once: they serve the one before until they have it. */
export function noteMissing(
  context: Pick<CommandContext, "note">,
  { nodeIds, silent, holders }: HeldVersions,
  version: number,
): void {
  const holding = holders(version);
  for (const nodeId of nodeIds) {
    if (holding.includes(nodeId)) continue;
    const word = silent.includes(nodeId) ? "does not say whether it holds" : "does not hold";
    context.note(`Warning: node ${nodeId} ${word} version ${version}: until it does, it goes on as before.`);
  }
}
