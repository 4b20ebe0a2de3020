import type { NetworkClient } from "@worker3/sdk";
import { type Address, formatLog, type Hex, type Log, numberToHex } from "viem";
import { readLogs } from "../../sdk/src/queries/readLogs.ts";

/**
 * The logs of a contract from the network file's first block on, in the order of the chain.
 *
 * @param topic Only those of this event.
 * @throws {RpcError} The chain cannot be asked.
 */
export function readContractLogs(client: NetworkClient, address: Address, topic?: Hex): Promise<Log[]> {
  return readLogs(client, {
    async ask({ fromBlock, toBlock }) {
      const logs = await client.publicClient.request({
        method: "eth_getLogs",
        params: [
          {
            address,
            fromBlock: numberToHex(fromBlock),
            toBlock: numberToHex(toBlock),
            ...(topic === undefined ? {} : { topics: [topic] }),
          },
        ],
      });
      return logs.map((log) => formatLog(log));
    },
  });
}
