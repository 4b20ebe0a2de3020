import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * What was charged or bonded and has not left yet, without fees, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function held(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  return readView(client, { ...creditEscrow(client), functionName: "held" }, options);
}
