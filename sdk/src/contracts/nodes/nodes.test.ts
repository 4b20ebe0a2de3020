import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as asset from "../asset.ts";
import * as nodes from "./index.ts";

const STAKE = 100_000_000n;
const endpoint = "http://127.0.0.1:8101";

describe("nodes on a chain", () => {
  let net: TestNetwork;
  let admin: NetworkWriter;
  let owner: NetworkWriter;
  const ownerAccount = testAccount(1);
  const operator = testAccount(2);
  const heir = testAccount(3);

  before(async () => {
    net = await createTestNetwork();
    admin = await net.as(testAccount(0));
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
      acceptingUntil: 0,
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
      "ENDPOINT_CHARACTER",
    );
    await rejectsCode(nodes.register(owner, { ...rest, operator: zeroAddress, endpoint }), "ZERO_OPERATOR");
  });

  it("a node is drawn while it accepts projects", async () => {
    const agent = await net.as(operator);
    assert.equal(await nodes.poolSize(owner, { region: "weur" }), 0);
    await rejectsCode(nodes.draw(owner, { count: 3n, regions: ["weur"], seed: 1n }), "NO_NODES");
    const epoch = await net.epoch();
    await rejectsCode(nodes.setAccepting(agent, { nodeId: 1, untilEpoch: epoch + 31 }), "ACCEPTING_UNTIL");
    await nodes.setAccepting(agent, { nodeId: 1, untilEpoch: epoch + 30 });
    assert.equal(await nodes.poolSize(owner, { region: "weur" }), 1);
    assert.deepEqual(await nodes.draw(owner, { count: 3n, regions: ["weur", "afr"], seed: 1n }), [1]);
    await rejectsCode(nodes.prune(owner, { nodeId: 1 }), "STILL_ACCEPTING");
    await nodes.setAccepting(agent, { nodeId: 1, untilEpoch: 0 });
    await rejectsCode(nodes.prune(owner, { nodeId: 1 }), "NOT_IN_POOL");
  });

  it("its owner changes endpoint, region and operator; nobody else does", async () => {
    await nodes.setEndpoint(owner, { nodeId: 1, endpoint: "https://n1.example.org" });
    await nodes.setRegion(owner, { nodeId: 1, region: "me" });
    await nodes.setOperator(owner, { nodeId: 1, operator: heir.address });
    const node = await nodes.nodeOf(owner, { nodeId: 1 });
    assert.deepEqual(
      [node.endpoint, node.region, node.operator],
      ["https://n1.example.org", "me", heir.address],
    );
    assert.deepEqual(await nodes.signerOf(owner, { nodeId: 1 }), {
      operator: heir.address,
      retiredFrom: undefined,
    });
    assert.deepEqual(await nodes.endpointsOf(owner, { nodeIds: [1, 9] }), ["https://n1.example.org", ""]);
    assert.equal(await nodes.isKeeper(owner, { nodeId: 1, who: operator.address }), false);
    const stranger = await net.as(operator);
    await rejectsCode(nodes.setRegion(stranger, { nodeId: 1, region: "oc" }), "NOT_NODE_OWNER");
    await rejectsCode(nodes.setAccepting(stranger, { nodeId: 1, untilEpoch: 0 }), "NOT_NODE_KEEPER");
  });

  it("a node changes hands in two steps, with its stake", async () => {
    const next = await net.as(heir);
    await rejectsCode(nodes.acceptOwnership(next, { nodeId: 1 }), "NOT_PENDING_NODE_OWNER");
    await nodes.transferOwnership(owner, { nodeId: 1, newOwner: heir.address });
    assert.equal((await nodes.nodeOf(owner, { nodeId: 1 })).pendingOwner, heir.address);
    await nodes.acceptOwnership(next, { nodeId: 1 });
    assert.equal(await nodes.ownerOf(owner, { nodeId: 1 }), heir.address);
  });

  it("stake grows, is asked back, and leaves after its thaw; what is too little retires the node", async () => {
    const next = await net.as(heir);
    assert.equal((await nodes.addStake(owner, { nodeId: 1, amount: 5n })).stake, STAKE + 5n);
    await rejectsCode(nodes.cancelUnstake(next, { nodeId: 1 }), "NOTHING_THAWING");
    await nodes.requestUnstake(next, { nodeId: 1, amount: 5n });
    await nodes.requireActive(owner, { nodeId: 1 });
    await nodes.cancelUnstake(next, { nodeId: 1 });
    await rejectsCode(nodes.requestUnstake(next, { nodeId: 1, amount: STAKE + 6n }), "UNSTAKE_AMOUNT");

    const epoch = await net.epoch();
    const asked = await nodes.requestUnstake(next, { nodeId: 1, amount: STAKE });
    assert.deepEqual([asked.thawing, asked.thawEpoch], [STAKE, epoch]);
    const retired = await rejectsCode(nodes.requireActive(owner, { nodeId: 1 }), "NODE_RETIRED");
    assert.match(retired.message, new RegExp(`before ${epoch + 1}`));
    assert.equal((await nodes.nodeSummary(owner, { nodeId: 1 })).isGone, true);

    await net.toEpoch(epoch + 14);
    assert.equal(
      (await rejectsCode(nodes.withdrawStake(next, { nodeId: 1 }), "STILL_THAWING")).value,
      String(epoch + 14),
    );
    await net.toEpoch(epoch + 15);
    const paid = await nodes.withdrawStake(next, { nodeId: 1 });
    assert.deepEqual([paid.amount, paid.stake], [STAKE, 5n]);
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
    await nodes.setEndpoint(owner, { nodeId: 2, endpoint: "https://new.example.org" });
    assert.equal((await nodes.nodeOf(owner, { nodeId: 2, at })).endpoint, endpoint);
    assert.equal(
      (await nodes.nodeOf(owner, { nodeId: 2, at: "latest" })).endpoint,
      "https://new.example.org",
    );
  });

  it("parameters and the pause are the administrator's", async () => {
    await rejectsCode(nodes.setMinStake(owner, { minStake: 1n }), "ACCESS_MANAGED_UNAUTHORIZED");
    await rejectsCode(nodes.setMinStake(admin, { minStake: 1n }), "MIN_STAKE_OUT_OF_BOUNDS");
    await nodes.setMinStake(admin, { minStake: STAKE * 2n });
    assert.equal(await nodes.minStake(owner), STAKE * 2n);
    assert.equal(await nodes.pausedUntil(owner), 0);
    const { until } = await nodes.pause(admin);
    assert.equal(await nodes.pausedUntil(owner), until);
    const stopped = await rejectsCode(
      nodes.register(owner, { operator: operator.address, region: "oc", endpoint, stake: STAKE * 2n }),
      "PAUSED",
    );
    assert.match(stopped.message, new RegExp(new Date(until * 1000).toISOString().replace(".", "\\.")));
    await rejectsCode(nodes.pause(admin), "PAUSE_TOO_SOON");
  });
});
