import { BlockNotFoundError, type Hash, type Hex } from "viem";
import { monotonicMs } from "../../process/monotonicMs.ts";
import { ChainError } from "../ChainError.ts";
import { asking, noteSpeed, type Provider } from "./providers.ts";

/** The header of a block, as far as following a chain goes. */
export interface Header {
  readonly number: bigint;
  readonly hash: Hash;
  readonly parentHash: Hash;
  /** Unix time, in seconds. */
  readonly timestamp: bigint;
  /** What the block's logs may be about; chains that do not fill it have zeros. */
  readonly logsBloom: Hex | undefined;
  /** How many transactions are in it; undefined where that was not told. */
  readonly transactions: number | undefined;
}

interface Block {
  readonly number: bigint | null;
  readonly hash: Hash | null;
  readonly parentHash: Hash;
  readonly timestamp: bigint;
  readonly logsBloom: Hex | null;
  readonly transactions: readonly unknown[];
}

export function headerOf({ number, hash, parentHash, timestamp, logsBloom, transactions }: Block): Header {
  if (number === null || hash === null) throw new TypeError("a block that is mined has a number and a hash");
  return {
    number,
    hash,
    parentHash,
    timestamp,
    logsBloom: logsBloom ?? undefined,
    transactions: transactions.length,
  };
}

/** The newest block that a provider has; notes whether it gets on. */
export async function newestOf(provider: Provider): Promise<Header> {
  const askedMs = monotonicMs();
  const header = headerOf(await asking(provider, () => provider.client.getBlock()));
  noteHead(provider, header);
  noteSpeed(provider, monotonicMs() - askedMs);
  return header;
}

export function noteHead({ learnt }: Provider, { number }: Header): void {
  if (learnt.head === undefined || number > learnt.head.number)
    learnt.head = { number, sinceMs: monotonicMs() };
}

/** A block by its hash or number; undefined where the provider has none. */
export async function headerAt(
  provider: Provider,
  at: { readonly blockHash: Hash } | { readonly blockNumber: bigint },
): Promise<Header | undefined> {
  return asking(provider, async () => {
    try {
      return headerOf(await provider.client.getBlock(at));
    } catch (error) {
      if (error instanceof BlockNotFoundError) return undefined;
      throw error;
    }
  });
}

/** What two providers take for the newest block: the lower one of theirs, which the other has to know as the same. */
export interface AgreedHead {
  readonly head: Header;
  readonly isWitnessed: boolean;
}

/**
 * The newest block that can be gone on to. With two providers it is one that both tell alike; the slower one sets the pace.
 *
 * @param told The leader's newest block, where it is known already.
 * @throws {RpcError} One cannot be asked.
 * @throws {ChainError} `RPC_DISAGREE`.
 */
export async function agreedHead(
  leader: Provider,
  witness: Provider | undefined,
  told?: Header | undefined,
): Promise<AgreedHead> {
  const [mine, theirs] = await Promise.all([
    told ?? newestOf(leader),
    witness === undefined ? undefined : newestOf(witness),
  ]);
  if (witness === undefined || theirs === undefined) return { head: mine, isWitnessed: false };
  const [lower, other] = mine.number <= theirs.number ? [mine, witness] : [theirs, leader];
  const higher = lower === mine ? theirs : mine;
  // By its number: a block that lost is still known by its hash.
  const same = higher.number === lower.number ? higher : await headerAt(other, { blockNumber: lower.number });
  if (same === undefined || !isSame(same, lower)) {
    throw new ChainError({
      code: "RPC_DISAGREE",
      message: `${leader.name} and ${witness.name} tell different blocks ${lower.number}`,
      value: `${lower.hash} at ${lower.timestamp}, and ${same === undefined ? "none" : `${same.hash} at ${same.timestamp}`}`,
      next: "nothing, where it passes; else find out which of the two is wrong, and replace it in node.json",
    });
  }
  // Whichever tells more of it: a WebSocket's heads lack their transactions.
  return { head: { ...lower, transactions: lower.transactions ?? same.transactions }, isWitnessed: true };
}

function isSame(a: Header, b: Header): boolean {
  return (
    a.number === b.number &&
    a.hash === b.hash &&
    a.parentHash === b.parentHash &&
    a.timestamp === b.timestamp &&
    (a.logsBloom === undefined || b.logsBloom === undefined || a.logsBloom === b.logsBloom)
  );
}
