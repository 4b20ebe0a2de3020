import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { Terms } from "../../protocol/terms.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface TermsAtParameters extends ReadOptions {
  readonly projectId: bigint;
  readonly epoch: number;
}

/**
 * The terms by which usage of an epoch is judged; no nodes and cap 0 where the project had none yet.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function termsAt(client: NetworkClient, parameters: TermsAtParameters): Promise<Terms> {
  const { projectId, epoch, at } = parameters;
  const [nodeIds, cap, fromEpoch] = await readView(
    client,
    { ...projectRegistry(client), functionName: "termsAt", args: [projectId, epoch] },
    { at },
  );
  return { nodeIds, cap: BigInt(cap), fromEpoch };
}
