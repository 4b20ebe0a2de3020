import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface ClaimDomainParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly domain: string;
}

/**
 * Claims a domain for a project; at most 32. For a domain outside the zone it also makes `deploy` of the caller
 * find this project. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `NAME_TAKEN`, `NAME_RESTING`, `NAME_RESERVED`, `TOO_MANY_DOMAINS`, or what every
 *   write throws, see `sendCall`.
 */
export async function claimDomain(client: NetworkWriter, parameters: ClaimDomainParameters): Promise<Mined> {
  const { projectId, domain, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "claimDomain", args: [projectId, domain] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
