import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as asset from "../asset/index.ts";
import * as nodes from "./index.ts";

const STAKE = 100_000_000n;
const endpoint = "http://127.0.0.1:8101";

describe("nodes on a chain", () => {
  let net: TestNetwork;
  let owner: NetworkWriter;
  const ownerAccount = testAccount(1);
  const operator = testAccount(2);

  before(async () => {
    net = await createTestNetwork();
    owner = await net.as(ownerAccount);
  });
  after(() => net.stop());

  it("a node is registered with its stake, and read back", async () => {
    const before = await asset.balanceOf(owner, { who: ownerAccount.address });
    const result = await nodes.register(owner, {
      operator: operator.address,
      region: "weur",
      endpoint,
      stake: STAKE,
    });
    assert.equal(result.nodeId, 1);
    assert.equal(result.stake, STAKE);
    assert.match(result.txHash, /^0x[0-9a-f]{64}$/);
    assert.equal(await asset.balanceOf(owner, { who: ownerAccount.address }), before - STAKE);
    assert.deepEqual(await nodes.nodeOf(owner, { nodeId: 1 }), {
      nodeId: 1,
      owner: ownerAccount.address,
      operator: operator.address,
      pendingOwner: undefined,
      region: "weur",
      retiredFrom: undefined,
      isLiftable: false,
      presentUntil: 0,
      leastCap: 0n,
      slashLeft: 0n,
      stake: STAKE,
      thawing: 0n,
      thawEpoch: 0,
      endpoint,
    });
  });

  it("a stake below the least one is refused before a transaction is sent", async () => {
    const error = await rejectsCode(
      nodes.register(owner, { operator: operator.address, region: "weur", endpoint, stake: STAKE - 1n }),
      "STAKE_TOO_SMALL",
    );
    assert.equal(error.value, String(STAKE - 1n));
    assert.match(error.message, /99\.999999.*100/);
    assert.equal(error.txHash, undefined);
  });

  it("a wrong endpoint and the zero operator are refused by name", async () => {
    const rest = { region: "oc", stake: STAKE } as const;
    await rejectsCode(
      nodes.register(owner, { ...rest, operator: operator.address, endpoint: `${endpoint}/` }),
      "ENDPOINT_HAS_WRONG_CHARACTER",
    );
    await rejectsCode(nodes.register(owner, { ...rest, operator: zeroAddress, endpoint }), "ZERO_OPERATOR");
  });

  it("a node is drawn while it is present, for the caps that it takes and has the stake for", async () => {
    const agent = await net.as(operator);
    const drawn = (cap: bigint) => nodes.draw(owner, { count: 3n, regions: ["weur", "afr"], seed: 1n, cap });
    await rejectsCode(drawn(1_000n), "NO_NODES");
    const epoch = await net.epoch();
    const presence = { nodeId: 1, untilEpoch: epoch + 30, leastCap: 5_000n };
    await rejectsCode(
      nodes.setPresence(agent, { ...presence, untilEpoch: epoch + 31 }),
      "PRESENCE_OUT_OF_RANGE",
    );
    await nodes.setPresence(agent, presence);
    assert.equal((await nodes.nodeOf(owner, { nodeId: 1 })).leastCap, 5_000n);
    assert.deepEqual(await drawn(5_000n), [1]);
    await rejectsCode(drawn(4_999n), "NO_NODES");
    const factor = BigInt(await nodes.seatStakeFactor(owner));
    assert.deepEqual(await drawn(STAKE / factor), [1]);
    await rejectsCode(drawn(STAKE / factor + 1n), "NO_NODES");
    await nodes.setPresence(agent, { ...presence, leastCap: nodes.FULL });
    await rejectsCode(drawn(5_000n), "NO_NODES");
    assert.equal(await nodes.isGone(owner, { nodeId: 1 }), false, "a full node is there");
    const stranger = await net.as(testAccount(3));
    await rejectsCode(nodes.setPresence(stranger, presence), "NOT_NODE_KEEPER");
    assert.deepEqual(await nodes.endpointsOf(owner, { nodeIds: [1, 9] }), [endpoint, ""]);
  });

  it("stake is asked back, and leaves after its thaw; what is too little retires the node", async () => {
    await rejectsCode(nodes.cancelUnstake(owner, { nodeId: 1 }), "NO_STAKE_THAWS");
    await nodes.requestUnstake(owner, { nodeId: 1, amount: 5n });
    const epoch = await net.epoch();
    assert.equal((await nodes.nodeOf(owner, { nodeId: 1 })).retiredFrom, epoch + 1);
    await nodes.cancelUnstake(owner, { nodeId: 1 });
    await rejectsCode(nodes.requestUnstake(owner, { nodeId: 1, amount: STAKE + 1n }), "UNSTAKE_OUT_OF_RANGE");
    const stranger = await net.as(operator);
    await rejectsCode(nodes.requestUnstake(stranger, { nodeId: 1, amount: 1n }), "NOT_NODE_OWNER");

    const asked = await nodes.requestUnstake(owner, { nodeId: 1, amount: STAKE - 5n });
    assert.deepEqual([asked.thawing, asked.thawEpoch], [STAKE - 5n, epoch]);
    assert.equal((await nodes.nodeSummary(owner, { nodeId: 1 })).isGone, true);

    await net.toEpoch(epoch + 19);
    assert.equal(
      (await rejectsCode(nodes.withdrawStake(owner, { nodeId: 1 }), "STAKE_STILL_THAWS")).value,
      String(epoch + 19),
    );
    await net.toEpoch(epoch + 20);
    const paid = await nodes.withdrawStake(owner, { nodeId: 1 });
    assert.deepEqual([paid.amount, paid.stake], [STAKE - 5n, 5n]);
  });

  it("many nodes are read at once; one that does not exist is undefined", async () => {
    await nodes.register(owner, { operator: operator.address, region: "oc", endpoint, stake: STAKE });
    assert.equal(await nodes.nodeCount(owner), 2);
    const read = await nodes.readNodes(owner, { nodeIds: [2, 3, 1] });
    assert.deepEqual(
      read.map((node) => node?.nodeId),
      [2, undefined, 1],
    );
    await rejectsCode(nodes.isGone(owner, { nodeId: 3 }), "UNKNOWN_NODE");
  });

  it("an old block is asked as it was", async () => {
    const at = await owner.publicClient.getBlockNumber();
    const untilEpoch = await net.epoch();
    await nodes.setPresence(owner, { nodeId: 2, untilEpoch, leastCap: 0n });
    assert.equal((await nodes.nodeOf(owner, { nodeId: 2, at })).presentUntil, 0);
    assert.equal((await nodes.nodeOf(owner, { nodeId: 2, at: "latest" })).presentUntil, untilEpoch);
  });
});
