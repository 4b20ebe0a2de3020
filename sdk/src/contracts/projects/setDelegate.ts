import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

/** `deploy`: addVersion, activate, split, upload; never domains, replicas, money or ownership. */
export type Rights = "none" | "deploy";

export interface SetDelegateParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly who: Address;
  readonly rights: Rights;
}

/**
 * Sets what another account may do for the caller's project.
 *
 * @throws `NOT_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export async function setDelegate(client: NetworkWriter, parameters: SetDelegateParameters): Promise<Mined> {
  const { projectId, who, rights, ...options } = parameters;
  const contract = projectRegistry(client);
  const args = [projectId, who, rights === "deploy" ? 1 : 0] as const;
  const sent = await sendCall(client, { ...contract, functionName: "setDelegate", args }, options);
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
