import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Address, type Hex, hexToBytes, keccak256, numberToHex, slice, toHex } from "viem";

/** A log, less its place on the chain. */
export interface SyntheticLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

export interface SyntheticChainParameters {
  readonly chainId: number;
  /** The logs of each block. */
  readonly blocks: readonly (readonly SyntheticLog[])[];
  /** Unix seconds of block 0; a block comes every other second. */
  readonly genesis: number;
  /** Whether others fill the filters in the headers, as on a chain that is much used. */
  readonly isBusy: boolean;
  /** The newest block at first. */
  readonly head: number;
}

/** An RPC that tells made-up blocks and counts what goes over the wire. */
export interface SyntheticChain {
  readonly url: string;
  /** The newest block; it goes on by as many as `step` whenever somebody asks for it. */
  head: number;
  step: number;
  /** Bytes of JSON in questions and answers since it was reset. */
  readonly bytes: { logs: number; all: number; questions: number };
  reset(): void;
  stop(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

interface LogQuestion {
  readonly address: readonly string[];
  readonly topics?: readonly (readonly string[] | null)[];
  readonly blockHash?: Hex;
  readonly fromBlock?: Hex;
  readonly toBlock?: Hex;
}

const FINAL_DEPTH = 20;
const STRANGERS = 30;
const FULL: Hex = `0x${"ff".repeat(256)}`;

export async function startSyntheticChain(parameters: SyntheticChainParameters): Promise<SyntheticChain> {
  const { chainId, blocks, genesis, isBusy } = parameters;
  const hashOf = (number: number) => keccak256(toHex(`block ${number}`));
  const numbers = new Map(blocks.map((_, number) => [hashOf(number), number]));

  function block(number: number): object | null {
    const logs = blocks[number];
    if (logs === undefined || number > chain.head) return null;
    return {
      number: numberToHex(number),
      hash: hashOf(number),
      parentHash: hashOf(number - 1),
      timestamp: numberToHex(genesis + 2 * number),
      logsBloom: isBusy ? FULL : bloomOf([...logs, ...strangersOf(number)]),
      // Of somebody, so that a block is not passed over for being empty.
      transactions: [hashOf(number)],
      gasLimit: "0x1c9c380",
      gasUsed: "0x0",
      miner: "0x0000000000000000000000000000000000000000",
    };
  }

  function logs({ address, topics = [], blockHash, fromBlock, toBlock }: LogQuestion): object[] {
    const one = blockHash === undefined ? undefined : numbers.get(blockHash);
    const [first, last] = one === undefined ? [Number(fromBlock), Number(toBlock)] : [one, one];
    const wanted = new Set(address.map((text) => text.toLowerCase()));
    const found: object[] = [];
    for (let number = first; number <= last; number++)
      for (const [logIndex, log] of (blocks[number] ?? []).entries()) {
        const isWanted =
          wanted.has(log.address.toLowerCase()) &&
          topics.every((values, i) => values === null || values.some((value) => value === log.topics[i]));
        if (!isWanted) continue;
        found.push({
          ...log,
          blockNumber: numberToHex(number),
          blockHash: hashOf(number),
          logIndex: numberToHex(logIndex),
          transactionHash: keccak256(toHex(`transaction ${number} ${logIndex}`)),
          transactionIndex: numberToHex(logIndex),
          removed: false,
        });
      }
    return found;
  }

  function answer({ method, params = [] }: Question): unknown {
    const [at] = params;
    if (method === "eth_chainId") return numberToHex(chainId);
    if (method === "eth_getBlockByHash") return block(numbers.get(at as Hex) ?? -1);
    if (method === "eth_getLogs") return logs(at as LogQuestion);
    if (method !== "eth_getBlockByNumber") throw new Error(`nobody answers ${method}`);
    if (at === "finalized") return block(Math.max(0, chain.head - FINAL_DEPTH));
    if (at !== "latest") return block(Number(at));
    chain.head = Math.min(chain.head + chain.step, blocks.length - 1);
    return block(chain.head);
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const asked = JSON.parse(body) as Question | Question[];
    const answers = [asked].flat().map((question) => {
      const told = { jsonrpc: "2.0", id: question.id, result: answer(question) };
      if (question.method === "eth_getLogs") {
        chain.bytes.logs += JSON.stringify(question).length + JSON.stringify(told).length;
        chain.bytes.questions += 1;
      }
      return told;
    });
    const text = JSON.stringify(Array.isArray(asked) ? answers : answers[0]);
    chain.bytes.all += body.length + text.length;
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const chain: SyntheticChain = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    head: parameters.head,
    step: 0,
    bytes: { logs: 0, all: 0, questions: 0 },
    reset: () => void Object.assign(chain.bytes, { logs: 0, all: 0, questions: 0 }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return chain;
}

/** Logs that stand in a block beside ours, as far as its filter goes: those of a chain that is used a little. */
function strangersOf(number: number): SyntheticLog[] {
  return Array.from({ length: STRANGERS }, (_, i) => {
    const hash = keccak256(toHex(`stranger ${number} ${i}`));
    return { address: slice(hash, 12), topics: [hash, keccak256(hash)], data: "0x" };
  });
}

/** The filter in a block's header (Ethereum Yellow Paper, 4.4.1). */
function bloomOf(logs: readonly SyntheticLog[]): Hex {
  const filter = new Uint8Array(256);
  for (const value of logs.flatMap(({ address, topics }) => [address, ...topics])) {
    const hash = keccak256(hexToBytes(value), "bytes");
    for (const at of [0, 2, 4]) {
      const bit = (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) % 2_048;
      const byte = 255 - (bit >> 3);
      filter[byte] = (filter[byte] ?? 0) | (1 << (bit & 7));
    }
  }
  return toHex(filter);
}
