import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface MayDeployParameters extends ReadOptions {
  readonly projectId: bigint;
  readonly who: Address;
}

/**
 * Whether an account may add versions: the owner, or a delegate with the right to deploy.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function mayDeploy(client: NetworkClient, parameters: MayDeployParameters): Promise<boolean> {
  const { projectId, who, at } = parameters;
  return readView(
    client,
    { ...projectRegistry(client), functionName: "mayDeploy", args: [projectId, who] },
    { at },
  );
}
