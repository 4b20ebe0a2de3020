import type { Hash } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface VersionContent {
  /** The sha2-256 digest in the CID. */
  readonly digest: Hash;
  readonly cid: string;
}

export interface VersionOfParameters extends ReadOptions {
  readonly projectId: bigint;
  readonly version: number;
}

/**
 * The content of a version.
 *
 * @throws `UNKNOWN_PROJECT`, `UNKNOWN_VERSION`, or that the chain cannot be asked.
 */
export async function versionOf(
  client: NetworkClient,
  parameters: VersionOfParameters,
): Promise<VersionContent> {
  const { projectId, version, at } = parameters;
  const [digest, cid] = await readView(
    client,
    { ...projectRegistry(client), functionName: "versionOf", args: [projectId, version] },
    { at },
  );
  return { digest, cid };
}
