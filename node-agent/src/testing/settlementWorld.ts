import { createNetworkClient, epochStart, escrow, type NetworkWriter, nodes, projects } from "@worker3/sdk";
import { createTestNetwork, type TestNetwork, testAccount } from "@worker3/sdk/testing";
import { createTestClient, http, type LocalAccount, type Transport } from "viem";
import { createOutbox, type Outbox } from "../chain/outbox/createOutbox.ts";
import type { SettlementView } from "../chain/view/SettlementView.ts";
import { batchTable } from "../ledger/batchTable.ts";
import { openLedger } from "../ledger/openLedger.ts";
import { outboxTable } from "../ledger/outboxTable.ts";
import { usageTable } from "../ledger/usageTable.ts";
import { createLogger } from "../logging/createLogger.ts";
import { createMeter } from "../metering/createMeter.ts";
import { createSettlement } from "../settlement/createSettlement.ts";
import type { SettlementParts } from "../settlement/SettlementParts.ts";
import { readSettlementView } from "./readSettlementView.ts";
import { until } from "./until.ts";

const NODE_OWNER = testAccount(1);
const PROJECT_OWNER = testAccount(2);
export const OPERATOR = testAccount(5);
export const CAP = 1_000_000n;
/** Says nothing of itself. */
const SILENT = { epochs: 0, leastCap: 0n, isFull: false };

/** A node with its ledger, outbox and settlement on a real chain, whose time the test moves. */
export class SettlementWorld {
  readonly net: TestNetwork;
  readonly nodeOwner: NetworkWriter;
  readonly projectOwner: NetworkWriter;
  nowMs = 1_000_000_000;
  /** The newest final block; the head where it is undefined. */
  finalBlock: bigint | undefined;
  /** The newest epoch that the edge has closed. */
  closedEpoch = Number.POSITIVE_INFINITY;
  /** The projects whose credit does not pay for another epoch. */
  readonly short = new Set<bigint>();
  readonly warnings: { message: string; [name: string]: unknown }[] = [];

  private constructor(net: TestNetwork, nodeOwner: NetworkWriter, projectOwner: NetworkWriter) {
    this.net = net;
    this.nodeOwner = nodeOwner;
    this.projectOwner = projectOwner;
  }

  static async create(parameters: Parameters<typeof createTestNetwork>[0] = {}): Promise<SettlementWorld> {
    const net = await createTestNetwork(parameters);
    const world = new SettlementWorld(net, await net.as(NODE_OWNER), await net.as(PROJECT_OWNER));
    await world.register();
    return world;
  }

  /** A new node of the operator's, which takes projects unless it is to say so itself. */
  async register({ isPresent = true } = {}): Promise<number> {
    const { nodeId } = await nodes.register(this.nodeOwner, {
      operator: OPERATOR.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
    if (isPresent) {
      const untilEpoch = (await this.net.epoch()) + 30;
      await nodes.setPresence(this.nodeOwner, { nodeId, untilEpoch, leastCap: 0n });
    }
    return nodeId;
  }

  async createProject(nodeId: number, credit: bigint): Promise<bigint> {
    const domain = `p${Math.random().toString(36).slice(2)}.example`;
    const { projectId } = await projects.createProjectOn(this.projectOwner, {
      domain,
      nodeIds: [nodeId],
      cap: CAP,
    });
    if (credit > 0n) await this.deposit(projectId, credit);
    return projectId;
  }

  async deposit(projectId: bigint, amount: bigint): Promise<void> {
    await escrow.deposit(this.projectOwner, { projectId, amount });
  }

  get chain() {
    return createTestClient({ mode: "anvil", transport: http(this.net.network.rpcUrls[0]) });
  }

  minuteMs(epoch: number, minute = 0): number {
    return epochStart(this.net.network.times, epoch) * 1_000 + minute * 60_000;
  }

  /** The agent on a ledger; another one on the same ledger is the agent after a restart. */
  async openAgent({
    nodeId,
    path = ":memory:",
    operator = OPERATOR,
    guard = (parts) => parts,
    claimEveryEpochs = 0,
    presence = {},
    epochsPerTransaction = 3,
    assetPerGasToken,
    transport,
  }: {
    nodeId: number;
    path?: string;
    operator?: LocalAccount;
    /** Comes between settlement and its tables. */
    guard?: <target extends object>(parts: target) => target;
    claimEveryEpochs?: number;
    presence?: Partial<SettlementParts["settings"]["presence"]>;
    epochsPerTransaction?: number;
    assetPerGasToken?: string;
    /** Of what settlement asks itself; its view and its outbox have their own. */
    transport?: Transport;
  }) {
    const { network } = this.net;
    const client = createNetworkClient({ network, pollingMs: 20 });
    const ledger = openLedger(path);
    const [usage, batches] = [guard(usageTable(ledger)), guard(batchTable(ledger))];
    const read = async () => readSettlementView(client, nodeId, this.finalBlock);
    let newest = await read();
    const view = new Proxy({} as SettlementView, {
      get: (_, name) => Reflect.get(newest, name),
    });
    const meter = createMeter({
      ledger,
      usage: usageTable(ledger),
      batches: batchTable(ledger),
      currentEpoch: () =>
        Math.floor((view.headSeconds() - network.times.genesis) / network.times.epochSeconds),
      late: network.times.late,
    });
    const logger = createLogger({
      level: "warn",
      destination: {
        write: (line: string) => {
          const { msg: message, ...fields } = JSON.parse(line) as { msg: string };
          this.warnings.push({ ...fields, message });
        },
      },
    });
    const outbox: Outbox = createOutbox({
      table: outboxTable(ledger),
      client,
      account: operator,
      finalBlock: () => view.finalBlock(),
      bumpAfterMs: 3_600_000_000,
      nowMs: () => this.nowMs,
      logger,
    });
    let refused: Error | undefined;
    const settlement = createSettlement({
      ledger,
      usage,
      batches,
      meter,
      closedEpoch: () => this.closedEpoch,
      outbox: guard(outbox),
      view,
      client: createNetworkClient({ network, transport }),
      operator,
      isShort: (projectId) => this.short.has(projectId),
      refusal: () => refused,
      settings: {
        claimEveryEpochs,
        presence: { ...SILENT, ...presence },
        epochsPerTransaction,
        assetPerGasToken,
      },
      logger,
    });
    const { signal } = new AbortController();
    const settle = async () => {
      newest = await read();
      await settlement.settle(this.nowMs, signal);
    };
    /** Lets everything happen that happens without further ado. */
    const rounds = async (count = 4) => {
      for (let round = 0; round < count; round++) {
        await settle();
        await outbox.pass(signal);
        // The chain mines on its own thread.
        await until("the chain mined what it has", async () => {
          const { pending } = await this.chain.getTxpoolStatus();
          return pending === 0;
        });
      }
    };
    /** Why the agent is to sign nothing from now on. */
    const refuse = (why: Error | undefined) => {
      refused = why;
    };
    return { client, ledger, usage, batches, view, meter, outbox, settlement, settle, rounds, refuse };
  }
}
