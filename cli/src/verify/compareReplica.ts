import { mapInWindows, readJson, Worker3Error } from "@worker3/sdk";
import { z } from "zod";
import { openConnections } from "../nodes/requestNode.ts";
import { compareFile, type ExpectedFile } from "./compareFile.ts";
import type { Mismatch } from "./Mismatch.ts";

export interface CompareReplicaParameters {
  readonly nodeId: number;
  readonly endpoint: string;
  readonly projectId: bigint;
  /** The version that has to answer. */
  readonly version: number;
  /** The host name to ask for. */
  readonly host: string;
  readonly files: readonly ExpectedFile[];
  readonly signal?: AbortSignal | undefined;
}

export interface ComparedReplica {
  readonly nodeId: number;
  /** How many files were compared. */
  readonly files: number;
  readonly mismatches: readonly Mismatch[];
}

/** Files asked for at a time. */
const PARALLEL = 8;
const projectPage = z.object({ active: z.number().nullish() });

/** Compares what one replica serves with what it has to: first which version it says it serves, then file by file. */
export async function compareReplica(parameters: CompareReplicaParameters): Promise<ComparedReplica> {
  const { files, ...replica } = parameters;
  const { nodeId } = replica;
  const whole = await versionProblem(replica);
  if (whole !== undefined) return { nodeId, files: 0, mismatches: [whole] };
  const connections = openConnections();
  try {
    const compared = await mapInWindows(
      files,
      (file) => compareFile({ ...replica, file, connections }),
      PARALLEL,
    );
    return { nodeId, files: files.length, mismatches: compared.filter((mismatch) => mismatch !== undefined) };
  } finally {
    await connections.destroy();
  }
}

async function versionProblem(
  replica: Omit<CompareReplicaParameters, "files">,
): Promise<Mismatch | undefined> {
  const { endpoint, projectId, version, signal } = replica;
  const path = `/.well-known/worker3/projects/${projectId}`;
  try {
    const { active } = await readJson({ endpoint, path, schema: projectPage, signal });
    if (active === version) return undefined;
    return { path: "", reason: "version", expected: String(version), got: String(active ?? "none") };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Worker3Error)) throw error;
    return { path: "", reason: "unreachable", expected: "an answer", got: error.message };
  }
}
