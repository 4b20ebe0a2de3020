import { type Address, type Hash, type Hex, isAddressEqual } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { isSignedBy } from "./isSignedBy.ts";

/** A place in an account's sequence of transactions. */
export interface Nonce {
  readonly from: Address;
  readonly nonce: number;
  /** A block in which the nonce was not used yet, as far as is known. */
  readonly sinceBlock: bigint;
}

/** The transaction that was mined with a nonce. */
export interface Taken {
  readonly hash: Hash;
  readonly to: Address | null;
  readonly data: Hex;
  readonly value: bigint;
  /** The account signed it for this chain with this nonce: it is not the RPC's word alone. */
  readonly isProven: boolean;
}

/** How far before `sinceBlock` to look: RPCs differ by that much, not by more. */
const BACK = 1_024n;

/**
 * Which transaction used a nonce, as the RPC says; undefined while none did, or none is found. What is decided by it, other
 * than to wait on, needs `isProven`. The block is found by how many transactions
 * the account had at its end, in about ten questions.
 *
 * @throws That the RPC cannot be asked.
 */
export async function findTaken(
  { publicClient }: Pick<NetworkClient, "publicClient">,
  { from, nonce, sinceBlock }: Nonce,
): Promise<Taken | undefined> {
  const isUsed = async (at: { blockNumber: bigint } | { blockTag: "latest" }): Promise<boolean> =>
    (await publicClient.getTransactionCount({ address: from, ...at })) > nonce;
  if (!(await isUsed({ blockTag: "latest" }))) return undefined;
  let used = await publicClient.getBlockNumber();
  if (!(await isUsed({ blockNumber: used }))) return undefined; // of two machines, this one is behind
  let unused = sinceBlock < used ? sinceBlock : used;
  for (let step = 1n; unused > 0n && step <= BACK && (await isUsed({ blockNumber: unused })); step *= 2n) {
    used = unused;
    unused = unused > step ? unused - step : 0n;
  }
  while (used - unused > 1n) {
    const middle = (used + unused) / 2n;
    if (await isUsed({ blockNumber: middle })) used = middle;
    else unused = middle;
  }
  const { transactions } = await publicClient.getBlock({ blockNumber: used, includeTransactions: true });
  const found = transactions.find((each) => each.nonce === nonce && isAddressEqual(each.from, from));
  if (found === undefined) return undefined;
  const isProven = await isSignedBy(found, { from, chainId: publicClient.chain.id });
  return { hash: found.hash, to: found.to, data: found.input, value: found.value, isProven };
}
