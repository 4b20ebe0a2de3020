import { contractError, type NetworkClient } from "@worker3/sdk";
import { type Address, getAddress, getContractAddress, type Hex, TransactionNotFoundError } from "viem";
import type { RawLog } from "./readContractLogs.ts";

/** How a contract came to be. */
export interface Creation {
  readonly creator: Address;
  /** The creation code with the constructor's arguments behind it. */
  readonly input: Hex;
}

/** Why it is not known how a contract came to be. */
export interface NoCreation {
  readonly unknown: string;
}

/**
 * Finds the transaction that created a contract: that of its first log, since the constructor of each of ours writes one.
 *
 * @param logs In the order of the chain, from the network file's first block on.
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readCreation(
  { network, publicClient }: NetworkClient,
  address: Address,
  logs: readonly RawLog[],
): Promise<Creation | NoCreation> {
  const hash = logs[0]?.transactionHash;
  const from = `from block ${network.deploymentBlock} on`;
  if (hash === undefined || hash === null) return { unknown: `no event ${from}` };
  try {
    const { from: sender, nonce, to, input } = await publicClient.getTransaction({ hash });
    const creator = getAddress(sender);
    const created = to === null ? getContractAddress({ from: creator, nonce: BigInt(nonce) }) : undefined;
    if (created === address) return { creator, input };
    return { unknown: `no transaction that created it ${from}` };
  } catch (cause) {
    if (cause instanceof TransactionNotFoundError) {
      return { unknown: `the RPC does not have the transaction ${hash}` };
    }
    throw contractError(cause);
  }
}
