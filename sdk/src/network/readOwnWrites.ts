import { type EIP1193RequestFn, type Hex, hexToBigInt, isHex, numberToHex, type Transport } from "viem";
import { pause } from "../contracts/pause.ts";
import { RpcError } from "../errors/errorClasses.ts";
import { isBehindError } from "../errors/isBehindError.ts";
import type { OwnWrites } from "./ownWrites.ts";

/** For so long machines that lack a block of an own transaction are waited for. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Which parameter names the block of a question about a state. */
const BLOCK_PLACE: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_createAccessList: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getBlockByNumber: 0,
  eth_getCode: 1,
  eth_getProof: 2,
  eth_getStorageAt: 2,
  eth_getTransactionCount: 1,
  eth_simulateV1: 1,
};

interface Question {
  readonly method: string;
  readonly params?: unknown;
}

/** One try: an answer, or that the machine that answered is behind. */
type Try = { readonly answer: unknown } | "behind";

/**
 * A transport that reads what was written. Once a program's own transaction is mined, questions about the newest state
 * name a block that has it: a machine without that block then refuses instead of answering with what was before, and is
 * asked again, for half a minute at most.
 */
export function readOwnWrites(
  transport: Transport,
  own: OwnWrites,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number | undefined } = {},
): Transport {
  return (parameters) => {
    const inner = transport(parameters);
    const ask = inner.request as (question: Question, options?: unknown) => Promise<unknown>;

    const newestHead = async (options: unknown): Promise<bigint> => {
      const head = await repeat(async () => {
        const told = await ask({ method: "eth_blockNumber" }, options);
        return isHex(told) && hexToBigInt(told) >= (own.newestBlock() ?? 0n) ? { answer: told } : "behind";
      });
      return hexToBigInt(head as Hex);
    };

    const request = async (question: Question, options?: unknown): Promise<unknown> => {
      const least = own.newestBlock();
      if (least === undefined) return ask(question, options);
      const { method } = question;
      if (method === "eth_blockNumber") return numberToHex(await newestHead(options));
      if (method === "eth_getLogs") {
        return repeat(async () => {
          const answer = await ask(question, options);
          return missesOwn(question.params, answer, own) ? "behind" : { answer };
        });
      }
      const place = BLOCK_PLACE[method];
      const params = Array.isArray(question.params) ? question.params : [];
      const block: unknown = place === undefined ? undefined : (params[place] ?? "latest");
      if (place === undefined || (block !== "latest" && !isHex(block))) return ask(question, options);
      const pinned = block === "latest" ? numberToHex(await newestHead(options)) : block;
      // An old block that nobody has is none that is awaited.
      if (block !== "latest" && hexToBigInt(pinned) < least) return ask(question, options);
      const at = [...params];
      at[place] = pinned;
      return repeat(async () => {
        try {
          const answer = await ask({ method, params: at }, options);
          return method === "eth_getBlockByNumber" && answer === null ? "behind" : { answer };
        } catch (error) {
          if (isBehindError(error)) return "behind";
          throw error;
        }
      });
    };

    const repeat = async (attempt: () => Promise<Try>): Promise<unknown> => {
      const deadline = Date.now() + patienceMs;
      for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
        const tried = await attempt();
        if (tried !== "behind") return tried.answer;
        if (Date.now() + wait > deadline) throw behindError(own.newestBlock());
        await pause(wait, undefined);
      }
    };
    return { ...inner, request: request as EIP1193RequestFn };
  };
}

function behindError(block: bigint | undefined): RpcError {
  return new RpcError({
    code: "RPC_BEHIND",
    message: `The RPC does not know block ${block} yet, in which a transaction of this program was mined.`,
    value: String(block),
    next: "wait a little, look what was done already, and go on from there; or name another RPC",
  });
}

/** Whether logs of own transactions, which the question asks for, are not in the answer. */
function missesOwn(params: unknown, answer: unknown, own: OwnWrites): boolean {
  const [filter] = Array.isArray(params) ? params : [];
  if (typeof filter !== "object" || filter === null || !Array.isArray(answer)) return false;
  const placeOf = (block: unknown, index: unknown): string =>
    `${BigInt(String(block))} ${BigInt(String(index))}`;
  const there = new Set(answer.map(({ blockNumber, logIndex }) => placeOf(blockNumber, logIndex)));
  return own.logs().some((log) => asksFor(filter, log) && !there.has(placeOf(log.blockNumber, log.logIndex)));
}

/** As `eth_getLogs` filters. */
function asksFor(
  { address, topics, fromBlock, toBlock, blockHash }: Readonly<Record<string, unknown>>,
  log: ReturnType<OwnWrites["logs"]>[number],
): boolean {
  if (blockHash !== undefined || log.blockNumber === null) return false;
  if (isHex(fromBlock) && hexToBigInt(fromBlock) > log.blockNumber) return false;
  if (isHex(toBlock) && hexToBigInt(toBlock) < log.blockNumber) return false;
  if (toBlock === "finalized" || toBlock === "safe" || toBlock === "earliest") return false;
  const allows = (wanted: unknown, value: string | undefined): boolean =>
    wanted === undefined ||
    wanted === null ||
    [wanted].flat().some((one) => String(one).toLowerCase() === value?.toLowerCase());
  if (!allows(address, log.address)) return false;
  return (Array.isArray(topics) ? topics : []).every((wanted, i) => allows(wanted, log.topics[i]));
}
