import { type RpcCall, type RpcProxy, RpcRefusal } from "@worker3/sdk/testing";
import type { ChaosWorld } from "../ChaosWorld.ts";
import { type Fault, hold } from "./Fault.ts";

const YEAR_SECONDS = 31_536_000;

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: string;
}

type Tamper = NonNullable<RpcProxy["tamper"]>;

/** An RPC whose answers are changed for a while. */
function lie(name: string, { of, by }: { of: "one" | "both"; by: () => Tamper }): Fault {
  return {
    name: `${of === "one" ? "one RPC" : "both RPCs"}: ${name}`,
    async run({ rpcs }, holdMs) {
      const liars = of === "one" ? rpcs.slice(0, 1) : rpcs;
      for (const liar of liars) liar.tamper = by();
      await hold(holdMs);
      for (const liar of liars) liar.tamper = undefined;
    },
  };
}

const isNewest = ({ method, params }: RpcCall) =>
  method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest";

export const rpcFaults: readonly Fault[] = [
  {
    name: "one RPC: answers for another chain",
    async run({ rpcs: [first], otherChain, devnet }: ChaosWorld, holdMs) {
      if (first === undefined) return;
      first.target = otherChain.rpcUrl;
      await hold(holdMs);
      first.target = devnet.rpcUrl;
    },
  },
  lie("lacks the logs of the last blocks", {
    of: "both",
    by: () => (call, result) => {
      if (call.method !== "eth_getLogs") return undefined;
      const [{ toBlock }] = call.params as [{ toBlock?: string }];
      if (toBlock === undefined) return undefined;
      return (result as { blockNumber: string }[]).filter(
        ({ blockNumber }) => Number(blockNumber) < Number(toBlock) - 3,
      );
    },
  }),
  lie("tells blocks of next year", {
    of: "one",
    by: () => (call, result) => {
      if (!isNewest(call)) return undefined;
      const block = result as Block;
      return { ...block, timestamp: `0x${(Number(block.timestamp) + YEAR_SECONDS).toString(16)}` };
    },
  }),
  lie("tells blocks of next year, for three seconds", {
    of: "both",
    by() {
      const until = performance.now() + 3_000;
      return (call, result) => {
        if (!isNewest(call) || performance.now() > until) return undefined;
        const block = result as Block;
        return { ...block, timestamp: `0x${(Number(block.timestamp) + YEAR_SECONDS).toString(16)}` };
      };
    },
  }),
  lie("stands still", {
    of: "one",
    by() {
      let frozen: unknown;
      return (call, result) => {
        if (!isNewest(call)) return undefined;
        frozen ??= result;
        return frozen;
      };
    },
  }),
  lie("tells a fork", {
    of: "one",
    by: () => (call, result) => {
      if (call.method !== "eth_getBlockByNumber" || result === null) return undefined;
      const block = result as Block;
      const other = (hash: string) => `0xdead${hash.slice(6)}`;
      return { ...block, hash: other(block.hash), parentHash: other(block.parentHash) };
    },
  }),
  lie("want to be left alone", {
    of: "both",
    by: () => () => {
      throw new RpcRefusal(-32005, "too many requests", { status: 429, headers: { "retry-after": "1" } });
    },
  }),
  lie("break every connection", {
    of: "both",
    by: () => () => {
      throw new Error("broken");
    },
  }),
  lie("tell a nonce that was never used", {
    of: "both",
    by: () => (call, result) =>
      call.method === "eth_getTransactionCount" && (call.params as unknown[])[1] === "pending"
        ? `0x${(Number(result) + 3).toString(16)}`
        : undefined,
  }),
];
