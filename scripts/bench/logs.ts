import { addressesOf, factContracts, type Network, nodeRegistryAbi, usageSettlementAbi } from "@worker3/sdk";
import { exampleAddresses } from "@worker3/sdk/testing";
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  keccak256,
  toHex,
} from "viem";
import { mayHold } from "../../node-agent/src/chain/follow/bloom.ts";
import { createFollower } from "../../node-agent/src/chain/follow/createFollower.ts";
import { createChainView } from "../../node-agent/src/chain/view/createChainView.ts";
import { checkpointTable } from "../../node-agent/src/ledger/checkpointTable.ts";
import { factTable } from "../../node-agent/src/ledger/factTable.ts";
import { openLedger } from "../../node-agent/src/ledger/openLedger.ts";
import { projectTable } from "../../node-agent/src/ledger/projectTable.ts";
import { createLogger } from "../../node-agent/src/logging/createLogger.ts";
import { type SyntheticChain, type SyntheticLog, startSyntheticChain } from "./support/syntheticChain.ts";
import type { Result, Row } from "./table.ts";

const NODE = 1;
const NODES = 200;
/** Of each node. */
const PROJECTS = 200;
/** An hour of blocks, one every other second; an agent that polls every four seconds finds two of them. */
const BLOCKS = 1_800;
const STEP = 2;
/** So many blocks before the epoch, without a log. */
const QUIET = 300;
/** Above it, so that all of the epoch is below what is read block by block. */
const ABOVE = 300;
const EPOCH = 1_000_000;
const CHAIN_ID = 31_337;
/** One receipt of so many is skipped, one node of so many claims in an epoch, one says anew that it takes projects. */
const SKIPPED_OF = 100;
const CLAIMING_OF = 7;
const ACCEPTING_OF = 15;

/**
 * How many bytes an agent asks and is told for the logs of an epoch of a large network, while it follows the chain and when it
 * reads it later. The follower is the agent's own; blocks and logs are made up, in the encodings of the contracts. Beside them
 * what it would be to ask for every log of the contracts.
 */
export async function logs(): Promise<Result> {
  const contracts = exampleAddresses(["asset", "lens", ...factContracts]);
  const rows: Row[] = [];
  for (const isBusy of [false, true]) {
    const blocks = epochOf(contracts.usageSettlement, contracts.nodeRegistry);
    const genesis = Math.floor(Date.now() / 1_000) - 2 * (blocks.length + ABOVE);
    const chain = await startSyntheticChain({ chainId: CHAIN_ID, blocks, genesis, isBusy, head: QUIET });
    const times = {
      genesis: 0,
      epochSeconds: 2 * BLOCKS,
      late: 4,
      dispute: 3,
      decide: 5,
      creditThaw: 6,
      stakeThaw: 19,
    };
    const network: Network = {
      chainId: CHAIN_ID,
      rpcUrls: [chain.url],
      zone: "worker3.localhost",
      contracts,
      deploymentBlock: 0n,
      times,
    };
    const what = isBusy ? "block by block, headers that tell nothing" : "block by block, headers that tell";
    try {
      console.error(`${what} ...`);
      const near = await follow(network, chain, STEP);
      const nearAll = await askAll(network, chain, "near");
      rows.push(
        row(`${what}, bytes of logs an epoch`, near.logs, nearAll.logs),
        row(`${what}, questions an epoch`, near.questions, nearAll.questions, "questions"),
      );
      if (isBusy) continue;
      const far = await follow(network, chain, 0);
      const farAll = await askAll(network, chain, "far");
      rows.push(row("later in ranges, bytes of logs an epoch", far.logs, farAll.logs));
    } finally {
      await chain.stop();
    }
  }
  const bench = `logs: ${NODES} nodes x ${PROJECTS} projects, ${BLOCKS} blocks`;
  return { bench, beside: "without topics", rows };
}

function row(what: string, value: number, all: number, unit = "bytes"): Row {
  return { what, value, unit, nearest: all };
}

/** Follows the chain to its last block, and says what went over the wire for that. */
async function follow(
  network: Network,
  chain: SyntheticChain,
  step: number,
): Promise<SyntheticChain["bytes"]> {
  const ledger = openLedger(":memory:");
  const [facts, projects] = [factTable(ledger), projectTable(ledger)];
  const view = createChainView({ ledger, facts, projects, network, nodeId: NODE });
  const tables = { ledger, facts, checkpoints: checkpointTable(ledger), projects, view };
  const stop = new AbortController();
  const follower = createFollower({
    tables,
    network,
    nodeId: NODE,
    settings: { pollMs: 1, requestTimeoutMs: 60_000, backfillBlocks: 10_000, stalledMs: 600_000 },
    logger: createLogger({ level: "error" }),
  });
  const last = QUIET + BLOCKS + (step === 0 ? ABOVE : 0) - 1;
  chain.head = step === 0 ? last : QUIET;
  chain.reset();
  chain.step = 0;
  await follower.follow({
    signal: stop.signal,
    onHead: ({ head, error }) => {
      if (error !== undefined) console.error(error.toJSON());
      if (head !== undefined && head.number >= BigInt(last)) stop.abort();
      if (chain.step > 0 || head?.number !== BigInt(QUIET)) return;
      chain.reset();
      chain.step = step;
    },
  });
  const batches = view.account.batchesOf(EPOCH).length;
  if (batches !== 1) throw new Error(`${batches} batches of the node's own were read`);
  ledger.close();
  return { ...chain.bytes };
}

/** The same by one question for everything: of each block that may have a log of the contracts, or of all of them at once. */
async function askAll(
  { contracts }: Network,
  chain: SyntheticChain,
  where: "near" | "far",
): Promise<SyntheticChain["bytes"]> {
  const address = addressesOf(contracts, factContracts).map(([, at]) => at);
  const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(chain.url, { method: "POST", body });
    return ((await response.json()) as { result: unknown }).result;
  };
  chain.reset();
  const [first, last] = [QUIET, QUIET + BLOCKS - 1];
  if (where === "far") await ask("eth_getLogs", [{ address, fromBlock: toHex(first), toBlock: toHex(last) }]);
  else
    for (let number = first; number <= last; number++) {
      const { hash, logsBloom } = (await ask("eth_getBlockByNumber", [toHex(number), false])) as {
        hash: Hex;
        logsBloom: Hex;
      };
      if (mayHold(logsBloom, [address]) !== false) await ask("eth_getLogs", [{ address, blockHash: hash }]);
    }
  return { ...chain.bytes };
}

/** The blocks of an epoch in which each node's receipts of one epoch are counted, and what else there is every epoch. */
function epochOf(usageSettlement: Address, nodeRegistry: Address): SyntheticLog[][] {
  const blocks: SyntheticLog[][] = Array.from({ length: QUIET + BLOCKS + ABOVE }, () => []);
  const put = (nodeId: number, ...some: SyntheticLog[]) =>
    blocks[QUIET + Math.floor(((nodeId - 1) * BLOCKS) / NODES)]?.push(...some);
  for (let nodeId = 1; nodeId <= NODES; nodeId++) {
    const about = (
      eventName: string,
      data: Hex,
      more: Readonly<Record<string, unknown>> = {},
    ): SyntheticLog => ({
      address: usageSettlement,
      topics: topicsOf(usageSettlementAbi, eventName, { nodeId, epoch: EPOCH, ...more }),
      data,
    });
    const lines = Array.from({ length: PROJECTS }, (_, i) => lineOf(nodeId * 1_000 + i)).join("");
    const statements = keccak256(toHex(`statements ${nodeId}`));
    put(
      nodeId,
      ...Array.from({ length: PROJECTS / SKIPPED_OF }, (_, i) =>
        about("ReceiptSkipped", encodeAbiParameters([{ type: "uint8" }], [2]), {
          projectId: BigInt(nodeId * 1_000 + i),
        }),
      ),
      about(
        "BatchCounted",
        encodeAbiParameters([{ type: "bytes32" }, { type: "bytes" }], [statements, `0x${lines}`]),
      ),
    );
    if (nodeId % CLAIMING_OF === 0) {
      const paid = [{ type: "uint32[]" }, { type: "uint64" }, { type: "uint64" }] as const;
      const epochs = Array.from({ length: CLAIMING_OF }, (_, i) => EPOCH - 10 - i);
      put(nodeId, about("Claimed", encodeAbiParameters(paid, [epochs, 1_000_000n, 50_000n])));
    }
    if (nodeId % ACCEPTING_OF === 0)
      put(nodeId, {
        address: nodeRegistry,
        topics: topicsOf(nodeRegistryAbi, "AcceptingSet", { nodeId }),
        data: encodeAbiParameters([{ type: "uint32" }], [EPOCH + 30]),
      });
  }
  return blocks;
}

function topicsOf(abi: Abi, eventName: string, args: Readonly<Record<string, unknown>>): Hex[] {
  const topics = encodeEventTopics({ abi, eventName, args });
  return topics.flatMap((topic) => (typeof topic === "string" ? [topic] : []));
}

/** A line of a project: its receipt, of which all but the id is made up, and the amount. */
function lineOf(projectId: number): string {
  const usage = keccak256(toHex(`usage ${projectId}`)).slice(2, 50);
  return projectId.toString(16).padStart(16, "0") + usage + (123_456).toString(16).padStart(16, "0");
}
