import { mapInWindows, NodeError, readProjectStatus } from "@worker3/sdk";
import { openConnections } from "../nodes/requestNode.ts";
import { compareAddress, type ExpectedFile } from "./compareFile.ts";
import type { Mismatch } from "./Mismatch.ts";

/** A version that replicas have to serve, with its files as far as they are compared. */
export interface ExpectedVersion {
  readonly version: number;
  readonly files: readonly ExpectedFile[];
}

export interface CompareReplicaParameters {
  readonly nodeId: number;
  readonly endpoint: string;
  readonly projectId: bigint;
  /** The active version, and behind it the one that a split shows to some. */
  readonly versions: readonly ExpectedVersion[];
  /** The host name to ask for. */
  readonly host: string;
  readonly signal?: AbortSignal | undefined;
}

/** `same`; `differs`; `unreachable`, which says nothing about what it serves; `denied`: it says that it does not serve this. */
export type ReplicaState = "same" | "differs" | "unreachable" | "denied";

export interface ComparedReplica {
  readonly nodeId: number;
  readonly state: ReplicaState;
  /** How many files were compared. */
  readonly files: number;
  readonly mismatches: readonly Mismatch[];
}

/** Addresses asked for at a time. */
const PARALLEL = 8;
/** One answer may get lost; whoever is silent so often is not asked for the rest. */
const MAX_SILENCES = 3;

/** Compares what one replica serves with what it has to: first which version it says it serves, then file by file. */
export async function compareReplica(parameters: CompareReplicaParameters): Promise<ComparedReplica> {
  const { versions, projectId, ...replica } = parameters;
  const { nodeId } = replica;
  const whole = await wholeProblem(parameters);
  if (whole !== undefined) return { nodeId, state: stateOf([whole]), files: 0, mismatches: [whole] };
  const connections = openConnections();
  try {
    let silences = 0;
    const compared = await mapInWindows(
      byAddress(versions),
      async ([address, expected]) => {
        if (silences >= MAX_SILENCES) return { compared: 0, mismatches: [] };
        const one = await compareAddress({ ...replica, address, expected, connections });
        if (one.mismatches.some(({ reason }) => reason === "unreachable")) silences += 1;
        return one;
      },
      PARALLEL,
    );
    const mismatches = compared.flatMap((one) => one.mismatches);
    const files = compared.reduce((sum, one) => sum + one.compared, 0);
    return { nodeId, state: stateOf(mismatches), files, mismatches };
  } finally {
    await connections.destroy();
  }
}

/** What is there differs, whatever else was not to be had; who denies it in one place does so in all. */
export function stateOf(mismatches: readonly Pick<Mismatch, "reason">[]): ReplicaState {
  const reasons = new Set(mismatches.map(({ reason }) => reason));
  const isDenied = reasons.delete("denied");
  const isUnreachable = reasons.delete("unreachable");
  if (reasons.size > 0) return "differs";
  if (isDenied) return "denied";
  return isUnreachable ? "unreachable" : "same";
}

/** Each address with the file that it has in each version; undefined where a version has none there. */
function byAddress(
  versions: readonly ExpectedVersion[],
): [address: string, expected: ReadonlyMap<number, ExpectedFile | undefined>][] {
  const files = new Map(
    versions.map(({ version, files }) => [version, new Map(files.map((file) => [file.address, file]))]),
  );
  const addresses = new Set(versions.flatMap(({ files }) => files.map(({ address }) => address)));
  return [...addresses].map((address) => [
    address,
    new Map([...files].map(([version, there]) => [version, there.get(address)])),
  ]);
}

/** What is wrong with the replica as a whole, by its own word. */
async function wholeProblem(parameters: CompareReplicaParameters): Promise<Mismatch | undefined> {
  const { endpoint, projectId, versions, signal } = parameters;
  const [wanted, canary] = versions.map(({ version }) => version);
  const about = { path: "", version: wanted ?? 0 };
  try {
    const { active, split, code } = await readProjectStatus({ endpoint, projectId, signal });
    if (active !== wanted) {
      const got = [active || "none", code].filter(Boolean).join(" ");
      if (code === "DENIED")
        return { ...about, reason: "denied", expected: String(wanted), got: "451 DENIED" };
      return { ...about, reason: "version", expected: String(wanted), got };
    }
    if (canary === undefined || split?.version === canary) return undefined;
    const got = split === null || split === undefined ? "none" : String(split.version);
    return { path: "", version: canary, reason: "version", expected: `${canary} for some visitors`, got };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof NodeError)) throw error;
    const isSilent = error.code === "NODE_UNREACHABLE" || error.code === "NODE_TIMEOUT";
    const reason = isSilent ? "unreachable" : "status";
    return { ...about, reason, expected: isSilent ? "an answer" : "what it serves", got: error.message };
  }
}
