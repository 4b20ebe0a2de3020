import { contractError, untilAborted } from "@worker3/sdk";
import type { Address } from "viem";
import { MULTICALL3 } from "../chain/outbox/aggregate.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/** Where the chain has a Multicall3, through which several batches go out in one transaction. */
export interface MulticallFinder {
  /**
   * Undefined where there is none. Asks until it was answered once.
   *
   * @throws {RpcError} The chain cannot be asked.
   */
  find(signal: AbortSignal): Promise<Address | undefined>;
}

export function createMulticallFinder({
  client,
  logger,
}: Pick<SettlementParts, "client" | "logger">): MulticallFinder {
  const address = client.network.contracts.multicall3 ?? MULTICALL3;
  let isThere: boolean | undefined;
  return {
    async find(signal) {
      if (isThere === undefined) {
        try {
          const code = await untilAborted(client.publicClient.getCode({ address }), signal);
          isThere = code !== undefined && code !== "0x";
        } catch (cause) {
          throw contractError(cause);
        }
        if (!isThere)
          logger.warn(
            { address },
            "the chain has no Multicall3: each epoch is handed in by a transaction of its own, for twice the gas",
          );
      }
      return isThere ? address : undefined;
    },
  };
}
