import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetworkClient, encodeCall, nodes } from "@worker3/sdk";
import { createTestNetwork, type TestNetwork, testAccount } from "@worker3/sdk/testing";
import { createTestClient, http, type Transport } from "viem";
import { openLedger } from "../../ledger/openLedger.ts";
import { type OutboxTable, outboxTable } from "../../ledger/outboxTable.ts";
import { type CrashPoints, crashPoints } from "../../testing/crashPoints.ts";
import { createOutbox, type Outbox } from "./createOutbox.ts";

const operator = testAccount(5);
const never = new AbortController().signal;
const BUMP_MS = 60_000;

describe("an outbox whose process dies", function () {
  this.timeout(120_000);

  let net: TestNetwork;
  let folder: string;
  let rpcUrl: string;
  const world = { final: 0n, nowMs: 1_000_000 };
  const chain = () => createTestClient({ mode: "anvil", transport: http(rpcUrl) });
  const mine = () => chain().mine({ blocks: 1 });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-outbox-"));
    net = await createTestNetwork();
    rpcUrl = net.network.rpcUrls[0];
    await nodes.register(await net.as(testAccount(1)), {
      operator: operator.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
    await chain().setAutomine(false);
  });
  after(async () => {
    await net?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const openOutbox = (table: OutboxTable, transport: Transport) =>
    createOutbox({
      table,
      client: createNetworkClient({ network: net.network, transport }),
      account: operator,
      finalBlock: () => world.final,
      bumpAfterMs: BUMP_MS,
      nowMs: () => world.nowMs,
      logger: { info: () => {}, warn: () => {} },
    });
  const nonce = async () =>
    (await net.as(testAccount(1))).publicClient.getTransactionCount({ address: operator.address });
  const callOf = () => ({
    reference: "accept:1",
    ...encodeCall(nodes.setPresence.call(net, { nodeId: 1, untilEpoch: 5, leastCap: 0n })),
  });

  /**
   * Runs `story` again and again and lets the process die at the first, second, third... place of it, until one run gets
   * through. After each death another process opens the same ledger and goes on.
   */
  async function dieEverywhere(story: (outbox: Outbox) => Promise<void>): Promise<number> {
    for (let n = 1; ; n++) {
      const path = join(folder, `${Math.random()}.db`);
      const before = await nonce();
      const first = openLedger(path);
      const table = outboxTable(first);
      const call = callOf();
      table.add(call, world.nowMs);
      const points: CrashPoints = crashPoints(n);
      await story(openOutbox(points.guard(table), points.transport(rpcUrl))).catch((error) => {
        if (!points.crashed()) throw error;
      });
      first.close();

      const second = openLedger(path);
      const outbox = openOutbox(outboxTable(second), http(rpcUrl, { retryCount: 0 }));
      await outbox.pass(never);
      await mine();
      await outbox.pass(never);
      world.final = await (await net.as(testAccount(1))).publicClient.getBlockNumber();
      await outbox.pass(never);
      assert.equal(outbox.find(call.reference)?.state, "final", `dead at place ${n}`);
      assert.equal(await nonce(), before + 1, `dead at place ${n}: one transaction`);
      assert.equal((await chain().getTxpoolStatus()).pending, 0, `dead at place ${n}: none is left over`);
      second.close();
      if (!points.crashed()) return points.passed();
    }
  }

  it("sends its transaction once, wherever that was", async () => {
    const places = await dieEverywhere(async (outbox) => {
      await outbox.pass(never);
      await mine();
      await outbox.pass(never);
    });
    assert.ok(places > 20, `${places} places`);
  });

  it("sends its transaction once, wherever that was while it was raising the fee", async () => {
    const places = await dieEverywhere(async (outbox) => {
      await outbox.pass(never);
      world.nowMs += BUMP_MS;
      await outbox.pass(never);
      await mine();
      await outbox.pass(never);
    });
    assert.ok(places > 35, `${places} places`);
  });

  it("sends its transaction once, wherever that was while the chain was reorganised", async () => {
    const places = await dieEverywhere(async (outbox) => {
      await outbox.pass(never);
      await mine();
      await outbox.pass(never);
      await chain().request({ method: "anvil_reorg", params: [1, []] } as never);
      await outbox.pass(never);
    });
    assert.ok(places > 30, `${places} places`);
  });
});
