import { untilAborted } from "../contracts/untilAborted.ts";
import { contractError } from "../errors/contractError.ts";
import { RpcError } from "../errors/errorClasses.ts";

/** Some blocks in a row. */
export interface BlockRange {
  readonly fromBlock: bigint;
  /** Inclusive. */
  readonly toBlock: bigint;
}

/** What is asked about a range, usually for the logs in it. */
export type AskRange<answer> = (range: BlockRange) => Promise<answer>;

/** What was answered about some blocks, complete. */
export interface RangeAnswer<answer> extends BlockRange {
  readonly answer: answer;
}

/** How RPCs say in words that a range is too long: in those that are known, and in others. */
const REFUSED: ReadonlySet<string> = new Set(["RPC_TOO_MUCH", "RPC_FAILED"]);
/** Some say it by silence or break the connection, as one that is away does: whether it is that, a single block shows. */
const AWAY: ReadonlySet<string> = new Set(["RPC_TIMEOUT", "RPC_UNREACHABLE"]);

/**
 * Asks about the first blocks of a range: about all of it, or where the RPC refuses about half as many, again and again.
 * RPCs limit how many blocks or logs one request may span and say so in many words, so any refusal halves the range; only
 * a single block that is refused is an error. One that takes no more requests for now (`RPC_LIMITED`) would refuse
 * any: whoever asks has to wait.
 *
 * @param range Not empty.
 * @throws {RpcError} The chain cannot be asked; what `ask` throws; the signal's reason.
 */
export async function readRange<answer>(
  { fromBlock, toBlock }: BlockRange,
  ask: AskRange<answer>,
  signal?: AbortSignal,
): Promise<RangeAnswer<answer>> {
  const askUpTo = async (last: bigint): Promise<RangeAnswer<answer>> => {
    signal?.throwIfAborted();
    try {
      const answer = await untilAborted(ask({ fromBlock, toBlock: last }), signal);
      return { fromBlock, toBlock: last, answer };
    } catch (cause) {
      throw contractError(cause);
    }
  };
  let isThere = false;
  for (let last = toBlock; ; last = fromBlock + (last - fromBlock + 1n) / 2n - 1n) {
    try {
      return await askUpTo(last);
    } catch (error) {
      const code = error instanceof RpcError ? error.code : "";
      const isAway = AWAY.has(code);
      if (last === fromBlock || !(isAway || REFUSED.has(code))) throw error;
      if (isAway && !isThere) await askUpTo(fromBlock);
      isThere = true;
    }
  }
}

/** So many answers in a row let a shortened range grow again: a refusal now and then costs little. */
const PATIENCE = 4;

/**
 * Asks about a range piece by piece, in the order of the chain.
 *
 * @param range May be empty.
 * @param options `chunkBlocks`: how many blocks to ask about at once; absent: about all. A piece is halved as often as the
 *   RPC refuses, and doubled after it agreed a few times.
 * @throws as `readRange` does.
 */
export async function* streamRange<answer>(
  { fromBlock, toBlock }: BlockRange,
  ask: AskRange<answer>,
  options: { readonly chunkBlocks?: bigint | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<RangeAnswer<answer>, void, undefined> {
  const { chunkBlocks = toBlock - fromBlock + 1n, signal } = options;
  let size = chunkBlocks;
  let agreed = 0;
  for (let from = fromBlock; from <= toBlock; ) {
    const wanted = from + size - 1n;
    const last = wanted < toBlock ? wanted : toBlock;
    const piece = await readRange({ fromBlock: from, toBlock: last }, ask, signal);
    yield piece;
    from = piece.toBlock + 1n;
    agreed = piece.toBlock === last ? agreed + 1 : 0;
    if (agreed === 0) size = piece.toBlock - piece.fromBlock + 1n;
    if (agreed < PATIENCE) continue;
    agreed = 0;
    size = size * 2n < chunkBlocks ? size * 2n : chunkBlocks;
  }
}
