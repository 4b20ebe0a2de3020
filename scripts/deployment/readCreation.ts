import { contractError, type NetworkClient, readLogs } from "@worker3/sdk";
import {
  type Address,
  getAddress,
  getContractAddress,
  type Hex,
  TransactionNotFoundError,
  toEventSelector,
} from "viem";
import type { ContractName } from "./contracts.ts";

/** How a contract came to be. */
export interface Creation {
  readonly creator: Address;
  /** The creation code with the constructor's arguments behind it. */
  readonly input: Hex;
  readonly blockNumber: bigint;
}

/** Why it is not known how a contract came to be. */
export interface NoCreation {
  readonly unknown: string;
}

/** What a constructor writes first. */
const ROLE_GRANTED = toEventSelector(
  "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
);
const AUTHORITY_UPDATED = toEventSelector("event AuthorityUpdated(address authority)");

/**
 * Finds the transaction that created a contract: that of the first event of its constructor.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readCreation(
  client: NetworkClient,
  name: ContractName,
  address: Address,
): Promise<Creation | NoCreation> {
  const topic = name === "AccessManager" ? ROLE_GRANTED : AUTHORITY_UPDATED;
  const [first] = await readLogs(client, { address, topics: [topic] });
  const from = `from block ${client.network.deploymentBlock} on`;
  if (first === undefined || first.transactionHash === null) return { unknown: `no event ${from}` };
  const hash = first.transactionHash;
  try {
    const {
      from: sender,
      nonce,
      to,
      input,
      blockNumber,
    } = await client.publicClient.getTransaction({ hash });
    const creator = getAddress(sender);
    const created = to === null ? getContractAddress({ from: creator, nonce: BigInt(nonce) }) : undefined;
    if (created === address && blockNumber !== null) return { creator, input, blockNumber };
    return { unknown: `no transaction that created it ${from}` };
  } catch (cause) {
    if (cause instanceof TransactionNotFoundError) {
      return { unknown: `the RPC does not have the transaction ${hash}` };
    }
    throw contractError(cause);
  }
}
