import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface CreditAccount {
  /** All of it, including `thawing`, in base units. */
  readonly balance: bigint;
  /** What the owner asked back; charges reach it until it is withdrawn. */
  readonly thawing: bigint;
  /** The epoch in which it was asked back; says nothing while `thawing` is 0. */
  readonly thawEpoch: number;
  /** The epoch in which the balance last fell: since then it was never more than it is now. */
  readonly loweredAt: number;
}

export interface AccountOfParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * A project's credit; all 0 for a project that never had any.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function accountOf(
  client: NetworkClient,
  parameters: AccountOfParameters,
): Promise<CreditAccount> {
  const { projectId, at } = parameters;
  const answer = await readView(
    client,
    { ...creditEscrow(client), functionName: "accountOf", args: [projectId] },
    { at },
  );
  return answer;
}
