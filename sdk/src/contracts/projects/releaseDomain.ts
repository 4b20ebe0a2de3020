import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface ReleaseDomainParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly domain: string;
}

/**
 * Gives a domain up. A name of the zone is free to others after 30 epochs, to its last owner at once. For the
 * owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `DOMAIN_NOT_CLAIMED`, or what every write throws, see `sendCall`.
 */
export async function releaseDomain(
  client: NetworkWriter,
  parameters: ReleaseDomainParameters,
): Promise<Mined> {
  const { projectId, domain, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "releaseDomain", args: [projectId, domain] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
