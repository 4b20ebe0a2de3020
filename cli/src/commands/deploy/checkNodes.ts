import { askSupport, type NetworkClient, type NodeSupport, replicasOf, SupportError } from "@worker3/sdk";
import { CliError } from "../../errors.ts";
import { namesOf } from "../../text/namesOf.ts";
import type { PackedProject } from "../../upload/packProject.ts";

export interface CheckNodesParameters {
  /** The nodes that serve the project; of a project that is not there yet those that would be drawn now. */
  readonly nodeIds: readonly number[];
  readonly packed: Pick<PackedProject, "manifest" | "workerBytes">;
  /** For how long one that takes no connection is asked again. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the project's nodes whether they can run it, before anything is paid.
 *
 * @returns What a person should know, a line each.
 * @throws as `judgeNodes`.
 */
export async function checkNodes(
  client: NetworkClient,
  { nodeIds, packed, patienceMs, signal }: CheckNodesParameters,
): Promise<string[]> {
  const { manifest, workerBytes: scriptBytes } = packed;
  const replicas = await replicasOf(client, nodeIds);
  return judgeNodes(await askSupport(replicas, { manifest, scriptBytes, patienceMs, signal }));
}

/**
 * Whether a project can go to its nodes: to some that say that they can run it. One that says no has no veto, nor has one
 * that is away.
 *
 * @throws {SupportError} None can, for the reason that its code names; {CliError} `NODES_SILENT`: none says anything.
 */
export function judgeNodes(nodes: readonly NodeSupport[]): string[] {
  const others = nodes.filter(({ runs }) => runs !== "yes");
  // What several say is said once.
  const told = [...Map.groupBy(others, (node) => `${node.runs} ${reasonOf(node)}`).values()].flatMap(
    (alike) => {
      const [first] = alike;
      if (first === undefined) return [];
      const who = namesOf(alike.map(({ nodeId }) => nodeId));
      const [does, it] = alike.length === 1 ? ["does", "it"] : ["do", "they"];
      const what = first.runs === "no" ? "will not serve this" : `${does} not say whether ${it} can run this`;
      return [`${who} ${what}: ${reasonOf(first)}`];
    },
  );
  if (others.length < nodes.length || nodes.length === 0) return told;
  const refusing = nodes.find(({ runs }) => runs === "no")?.error;
  if (refusing !== undefined) {
    const { code, value, next } = refusing;
    throw new SupportError({
      code,
      message: `None of the project's nodes can run it: ${told.join("; ")}`,
      value,
      next,
      cause: refusing,
    });
  }
  throw new CliError({
    code: "NODES_SILENT",
    message: `None of the project's nodes says whether it can run it: ${told.join("; ")}`,
    value: nodes.map(({ nodeId }) => nodeId).join(),
    next: "try again later; for a new project choose other nodes: --nodes",
  });
}

function reasonOf({ error }: NodeSupport): string {
  return error?.message.replace(/\.$/, "") ?? "";
}
