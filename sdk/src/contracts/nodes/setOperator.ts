import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetOperatorParameters extends WriteOptions {
  readonly nodeId: number;
  readonly operator: Address;
}

/**
 * Sets the agent's hot key, from now on. A batch is checked against the operator at its submission: the agent
 * signs outstanding epochs anew. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `ZERO_OPERATOR`, or what every write throws, see `sendCall`.
 */
export async function setOperator(client: NetworkWriter, parameters: SetOperatorParameters): Promise<Mined> {
  const { nodeId, operator, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setOperator", args: [nodeId, operator] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
