import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { regionNumber } from "../../protocol/regionNumber.ts";
import type { Region } from "../../protocol/regions.ts";
import { nodeRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface RegisterParameters extends WriteOptions {
  /** The agent's hot key. */
  readonly operator: Address;
  readonly region: Region;
  /** `https://host[:port]`, at most 128 bytes. */
  readonly endpoint: string;
  /** Base units, approved to the node registry before. */
  readonly stake: bigint;
}

export interface RegisterResult extends Mined {
  /** From 1 on. */
  readonly nodeId: number;
  /** What arrived, in base units. */
  readonly stake: bigint;
}

/**
 * Adds a node with the caller as owner and takes its stake. It takes projects once it says so by `setAccepting`.
 *
 * @throws `STAKE_TOO_SMALL`, `ENDPOINT_SCHEME`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see
 *   `sendCall`.
 */
export async function register(
  client: NetworkWriter,
  parameters: RegisterParameters,
): Promise<RegisterResult> {
  const { operator, region, endpoint, stake, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "register", args: [operator, regionNumber(region), endpoint, stake] },
    options,
  );
  const event = eventOf(sent, contract, "NodeRegistered");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, nodeId: event.nodeId, stake: event.stake };
}
