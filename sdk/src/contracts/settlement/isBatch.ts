import type { Hash, Hex } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { encodeLines } from "../../receipts/encodeLines.ts";
import type { Line } from "../../receipts/receipt.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface IsBatchParameters extends ReadOptions {
  readonly nodeId: number;
  readonly epoch: number;
  readonly statements: Hash;
  readonly lines: readonly Line[] | Hex;
}

/**
 * Whether a batch with exactly these lines was counted.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function isBatch(client: NetworkClient, parameters: IsBatchParameters): Promise<boolean> {
  const { nodeId, epoch, statements, lines, at } = parameters;
  return readView(
    client,
    {
      ...usageSettlement(client),
      functionName: "isBatch",
      args: [nodeId, epoch, statements, typeof lines === "string" ? lines : encodeLines(lines)],
    },
    { at },
  );
}
