import assert from "node:assert/strict";
import { type Address, encodeFunctionData, type Hex, parseEventLogs, zeroAddress } from "viem";
import { announceAndWait } from "../support/governance.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  addressOf,
  createProject,
  FULL,
  fundWallet,
  type Network,
  nextEpoch,
  registerNode,
  termsOf,
  USD,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

/** A node as somebody knows it who reads events, and the time of their blocks, and nothing else. */
interface Known {
  owner: Address;
  operator: Address;
  pendingOwner: Address;
  region: number;
  endpoint: string;
  stake: bigint;
  thawing: bigint;
  thawEpoch: number;
  retiredFrom: number;
  isLiftable: boolean;
  presentUntil: number;
  leastCap: number;
  slashedIn: number;
  slashLeft: bigint;
  pooled: boolean;
}

class Reader {
  readonly nodes = new Map<number, Known>();
  minStake = 0n;
  seatStakeFactor = 0;
  maxSlashShareBps = 0;

  node(nodeId: number): Known {
    const node = this.nodes.get(nodeId);
    assert.ok(node, `nobody spoke of node ${nodeId}`);
    return node;
  }

  share(stake: bigint): bigint {
    return (stake * BigInt(this.maxSlashShareBps)) / 10_000n;
  }
}

type Event = ReturnType<typeof eventsIn>[number];
const eventsIn = ({ nodes }: Network, logs: Parameters<typeof parseEventLogs>[0]["logs"]) =>
  parseEventLogs({
    abi: nodes.abi,
    strict: true,
    logs: logs.filter(({ address }) => address.toLowerCase() === nodes.address.toLowerCase()),
  });

/** What each event says, and nothing that it does not. */
function read(reader: Reader, { eventName, args }: Event, epoch: number): void {
  switch (eventName) {
    case "ParametersSet":
      Object.assign(reader, args);
      return;
    case "NodeRegistered":
      reader.nodes.set(args.nodeId, {
        ...pick(args, "owner", "operator", "region", "endpoint", "stake"),
        pendingOwner: zeroAddress,
        thawing: 0n,
        thawEpoch: 0,
        retiredFrom: 0,
        isLiftable: false,
        presentUntil: 0,
        leastCap: 0,
        slashedIn: 0,
        slashLeft: 0n,
        pooled: false,
      });
      return;
    case "NodeUpdated":
      Object.assign(reader.node(args.nodeId), pick(args, "owner", "operator", "region", "endpoint"));
      return;
    case "OwnerProposed":
      reader.node(args.nodeId).pendingOwner = args.pendingOwner;
      return;
    case "NodeOwnerAccepted":
      Object.assign(reader.node(args.nodeId), { owner: args.owner, pendingOwner: zeroAddress });
      return;
    case "StakeAdded":
      reader.node(args.nodeId).stake = args.stake;
      return;
    case "UnstakeRequested":
      Object.assign(reader.node(args.nodeId), pick(args, "thawing", "thawEpoch"));
      return;
    case "UnstakeCancelled":
      Object.assign(reader.node(args.nodeId), { thawing: 0n, thawEpoch: 0 });
      return;
    case "StakeWithdrawn":
      Object.assign(reader.node(args.nodeId), { stake: args.stake, thawing: 0n, thawEpoch: 0 });
      return;
    case "Slashed": {
      const node = reader.node(args.nodeId);
      if (node.slashedIn !== epoch) {
        Object.assign(node, { slashedIn: epoch, slashLeft: reader.share(args.stake + args.amount) });
      }
      node.slashLeft -= args.amount;
      Object.assign(node, pick(args, "stake", "thawing"));
      return;
    }
    case "PresenceSet": {
      const node = reader.node(args.nodeId);
      Object.assign(node, { presentUntil: args.untilEpoch, leastCap: args.leastCap });
      node.pooled = node.retiredFrom === 0 && args.leastCap !== FULL;
      return;
    }
    case "Pruned":
      reader.node(args.nodeId).pooled = false;
      return;
    case "Retired":
      Object.assign(reader.node(args.nodeId), { ...pick(args, "retiredFrom", "isLiftable"), pooled: false });
      return;
    case "RetirementLifted": {
      const node = reader.node(args.nodeId);
      Object.assign(node, { retiredFrom: 0, isLiftable: false });
      node.pooled = node.presentUntil >= epoch && node.leastCap !== FULL;
      return;
    }
    case "Bound":
    case "PausedUntil":
    case "AuthorityUpdated":
      return;
    default:
      assert.fail(`the reader knows nothing of ${eventName satisfies never}`);
  }
}

const pick = <T extends object, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

const epochAt = ({ network }: Network, timestamp: bigint): number =>
  Math.floor((Number(timestamp) - Date.parse(network.genesis) / 1000) / network.epochSeconds);

/** Reads every event of the chain from its beginning. */
async function readAll(t: Network): Promise<Reader> {
  const reader = new Reader();
  const logs = await t.publicClient.getLogs({ address: t.nodes.address, fromBlock: 0n });
  for (const event of eventsIn(t, logs)) {
    const { timestamp } = await t.publicClient.getBlock({ blockNumber: event.blockNumber });
    read(reader, event, epochAt(t, timestamp));
  }
  return reader;
}

/** What the reader knows is what every view says, in this epoch and the next ones. */
async function compare(t: Network): Promise<void> {
  const reader = await readAll(t);
  const epoch = epochAt(t, (await t.publicClient.getBlock()).timestamp);
  assert.equal(await t.nodes.read.nodeCount(), reader.nodes.size);
  assert.equal(await t.nodes.read.minStake(), reader.minStake);
  assert.equal(await t.nodes.read.seatStakeFactor(), reader.seatStakeFactor);
  assert.equal(await t.nodes.read.maxSlashShareBps(), reader.maxSlashShareBps);
  const pool = new Map<number, bigint>();
  for (const [nodeId, { slashedIn, pooled, ...node }] of reader.nodes) {
    assert.deepEqual(await t.nodes.read.nodeOf([nodeId]), {
      ...node,
      isLiftable: node.isLiftable && epoch < node.retiredFrom,
      slashLeft: slashedIn === epoch ? node.slashLeft : reader.share(node.stake),
    });
    assert.deepEqual(await t.nodes.read.signerOf([nodeId]), [node.operator, node.retiredFrom]);
    const isGone = (node.retiredFrom !== 0 && node.retiredFrom <= epoch + 1) || epoch > node.presentUntil + 2;
    assert.equal(await t.nodes.read.isGone([nodeId]), isGone);
    if (pooled) pool.set(node.region, (pool.get(node.region) ?? 0n) + 1n);
    await compareSeats(t, reader, nodeId, epoch);
  }
  for (let region = 0; region < 9; region++) {
    assert.equal(await t.nodes.read.poolSize([region]), pool.get(region) ?? 0n, `region ${region}`);
  }
}

/** Whether the node takes a seat of these caps, as its stake, its retirement and its presence say. */
async function compareSeats(t: Network, reader: Reader, nodeId: number, epoch: number): Promise<void> {
  const node = reader.node(nodeId);
  const free = node.retiredFrom === 0 ? node.stake - node.thawing : 0n;
  for (const cap of [50_000, 2 * Number(USD), 20 * Number(USD)]) {
    const takes =
      node.retiredFrom === 0 &&
      node.presentUntil >= epoch &&
      node.leastCap <= cap &&
      free >= BigInt(reader.seatStakeFactor) * BigInt(cap);
    const isSeatable = await t.nodes.read.requireSeatable([termsOf([nodeId], cap), 0n]).then(
      () => true,
      () => false,
    );
    assert.equal(isSeatable, takes, `node ${nodeId} at a cap of ${cap}`);
  }
}

async function withNodes() {
  const t = await deployNetwork();
  await registerNode(t, { region: 3, stake: 1_500n * USD });
  await registerNode(t, { region: 3, stake: 5_000n * USD, owner: t.nodeOwner2, leastCap: Number(USD) });
  await createProject(t, { nodeIds: [1, 2] });
  for (const wallet of [t.nodeOwner1, t.stranger]) await fundWallet(t, wallet, 10_000n * USD);
  await nextEpoch(t);
  return t;
}

type Call = (t: Network) => Promise<unknown>;
const mine = (t: Network) => ({ account: t.nodeOwner1.account });
const until = async (t: Network, ahead: number) => (await t.nodes.read.currentEpoch()) + ahead;
const wait =
  (epochs: number): Call =>
  (t) =>
    nextEpoch(t, epochs);
const slash =
  (amount: bigint): Call =>
  (t): Promise<Hex> =>
    slashAsSettlement(t, 1, amount);
const add =
  (amount: bigint): Call =>
  (t) =>
    t.nodes.write.addStake([1, amount], { account: t.stranger.account });
const request =
  (amount: bigint): Call =>
  (t) =>
    t.nodes.write.requestUnstake([1, amount], mine(t));
const present =
  (ahead: number, leastCap: number): Call =>
  async (t) =>
    t.nodes.write.setPresence([1, await until(t, ahead), leastCap], mine(t));
const parameters: Call = async (t) => {
  const args = [2_000n * USD, 60, 1_000] as const;
  await announceAndWait(
    t,
    t.nodes,
    encodeFunctionData({ abi: t.nodes.abi, functionName: "setParameters", args }),
  );
  await t.nodes.write.setParameters(args, { account: t.admin.account });
};

/** Walks of calls on node 1: after each call, what events say is what the contract says. */
const WALKS: Readonly<Record<string, readonly Call[]>> = {
  "who has it and where it answers": [
    (t) => t.nodes.write.setEndpoint([1, "https://moved.example"], mine(t)),
    (t) => t.nodes.write.setOperator([1, addressOf(t.operator2)], mine(t)),
    (t) => t.nodes.write.setRegion([1, 7], mine(t)),
    (t) => t.nodes.write.transferOwnership([1, addressOf(t.stranger)], mine(t)),
    (t) => t.nodes.write.transferOwnership([1, zeroAddress], mine(t)),
    (t) => t.nodes.write.transferOwnership([1, addressOf(t.nodeOwner2)], mine(t)),
    (t) => t.nodes.write.acceptOwnership([1], { account: t.nodeOwner2.account }),
  ],
  "its presence": [
    present(3, 0),
    present(3, 70_000),
    present(3, FULL),
    present(0, 0),
    (t) => t.nodes.write.setRegion([1, 0], mine(t)),
    wait(1),
    (t) => t.nodes.write.prune([1], { account: t.stranger.account }),
    wait(2),
    present(1, 0),
  ],
  "its stake": [
    add(0n),
    add(700n * USD),
    request(300n * USD),
    request(500n * USD),
    (t) => t.nodes.write.cancelUnstake([1], mine(t)),
    request(1_200n * USD),
    wait(20),
    (t) => t.nodes.write.withdrawStake([1], mine(t)),
    request(1n),
    add(5_000n * USD),
    wait(1),
    (t) => t.nodes.write.cancelUnstake([1], mine(t)),
  ],
  "what was slashed": [
    slash(0n),
    slash(100n * USD),
    slash(1_000n * USD),
    slash(1n),
    wait(1),
    slash(1n),
    request(1_100n * USD),
    slash(50n * USD),
  ],
  "a retirement that is lifted, and one that is not": [
    request(500n * USD),
    slash(1n),
    add(1n),
    slash(1n),
    wait(1),
    present(5, 0),
    (t) => t.nodes.write.cancelUnstake([1], mine(t)),
    add(0n),
    present(0, 0),
    wait(1),
    request(500n * USD),
    slash(1n),
    add(1n),
    slash(1n),
    wait(2),
    add(1_000n * USD),
    request(1n),
  ],
  "a retirement that its owner makes final": [
    slash(200n * USD),
    slash(100n * USD),
    request(200n * USD),
    slash(1n),
    request(900n * USD),
    add(5_000n * USD),
    wait(1),
    add(5_000n * USD),
  ],
  "the parameters": [parameters, slash(1n), slash(1_000n * USD), add(2_000n * USD), wait(1), slash(1n)],
};

describe("The node registry's events", () => {
  for (const [what, calls] of Object.entries(WALKS)) {
    it(`tell ${what}`, async () => {
      const t = await networkHelpers.loadFixture(withNodes);
      await compare(t);
      for (const call of calls) {
        await call(t);
        await compare(t);
      }
    });
  }

  it("are all told of here", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const names = (t.nodes.abi as readonly { type: string; name?: string }[])
      .filter(({ type }) => type === "event")
      .map(({ name }) => name);
    const seen = new Set<string>();
    for (const calls of Object.values(WALKS)) {
      const fresh = await networkHelpers.loadFixture(withNodes);
      for (const call of calls) await call(fresh);
      const logs = await fresh.publicClient.getLogs({ address: fresh.nodes.address, fromBlock: 0n });
      for (const { eventName } of eventsIn(fresh, logs)) seen.add(eventName);
    }
    const untold = names.filter((name) => name !== undefined && !seen.has(name));
    assert.deepEqual(untold, ["PausedUntil"]); // see pause.test.ts
  });
});
