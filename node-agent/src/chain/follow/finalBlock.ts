import { contractError, RpcError } from "@worker3/sdk";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import { ChainError } from "../ChainError.ts";
import { type Header, headerAt, headerOf } from "./headers.ts";
import { asking, type Pair, type Provider } from "./providers.ts";

/** Blocks above one that is taken for final where an RPC does not know the tag: two epochs of Ethereum. */
export const DEFAULT_CONFIRMATIONS = 64;

/**
 * The newest block that is final, at or below `head`: by the chain's tag, or so many blocks down. Where there are two
 * providers, the lower one of theirs, which both have to have.
 *
 * @throws {RpcError} One cannot be asked.
 * @throws {ChainError} `RPC_DISAGREE`.
 */
export async function finalBlock(
  { leader, witness }: Pair,
  head: Checkpoint,
  confirmations: number | undefined,
): Promise<Checkpoint> {
  const finalOf = (provider: Provider) => asking(provider, () => finalAt(provider, head, confirmations));
  const [mine, theirs] = await Promise.all([
    finalOf(leader),
    witness === undefined ? undefined : finalOf(witness),
  ]);
  if (witness === undefined || theirs === undefined) return mine;
  const [lower, other] = mine.number <= theirs.number ? [mine, witness] : [theirs, leader];
  const same = lower.hash === (lower === mine ? theirs : mine).hash;
  const told = same ? lower : await headerAt(other, { blockNumber: lower.number });
  if (told?.hash === lower.hash && Number(told.timestamp) === lower.timestamp) return lower;
  throw new ChainError({
    code: "RPC_DISAGREE",
    message: `${leader.name} and ${witness.name} tell different final blocks ${lower.number}`,
    value: `${lower.hash}, and ${told?.hash ?? "none"}`,
    next: "find out which of the two is wrong, and replace it in the network file of node.json",
  });
}

async function finalAt(
  provider: Provider,
  head: Checkpoint,
  confirmations: number | undefined,
): Promise<Checkpoint> {
  const tagged = confirmations === undefined ? await taggedFinal(provider) : undefined;
  if (tagged !== undefined) {
    // Where blocks are final at once, one may be that is newer than what is booked.
    return tagged.number > head.number ? head : tagged;
  }
  const below = head.number - BigInt(confirmations ?? DEFAULT_CONFIRMATIONS);
  const block = await provider.client.getBlock({ blockNumber: below > 0n ? below : 0n });
  return checkpointOf(headerOf(block));
}

/** Undefined where the RPC does not know the tag, which is remembered. */
async function taggedFinal({ client, learnt }: Provider): Promise<Checkpoint | undefined> {
  if (learnt.lacksFinal) return undefined;
  try {
    return checkpointOf(headerOf(await client.getBlock({ blockTag: "finalized" })));
  } catch (cause) {
    const error = contractError(cause);
    const isAnswer = !(error instanceof RpcError) || error.code === "RPC_FAILED";
    if (!isAnswer) throw error;
    learnt.lacksFinal = true;
    return undefined;
  }
}

export function checkpointOf({ number, hash, timestamp }: Header): Checkpoint {
  return { number, hash, timestamp: Number(timestamp) };
}
