import assert from "node:assert/strict";
import { createNetworkClient, encodeCall, nodes } from "@worker3/sdk";
import {
  createTestNetwork,
  type RpcProxy,
  rejectsCode,
  startRpcProxy,
  type TestNetwork,
  testAccount,
} from "@worker3/sdk/testing";
import { createTestClient, type Hash, http } from "viem";
import { openLedger } from "../../ledger/openLedger.ts";
import { outboxTable } from "../../ledger/outboxTable.ts";
import { until } from "../../testing/until.ts";
import { createOutbox, type Outbox } from "./createOutbox.ts";

const operator = testAccount(5);
const never = new AbortController().signal;
const BUMP_MS = 60_000;

describe("an outbox whose nonces have a gap", function () {
  this.timeout(60_000);

  let net: TestNetwork;
  let proxy: RpcProxy;
  let lastNumber = 0;
  const chain = () => createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
  const reader = () => createNetworkClient({ network: net.network, pollingMs: 20 }).publicClient;

  before(async () => {
    net = await createTestNetwork();
    await nodes.register(await net.as(testAccount(1)), {
      operator: operator.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
    proxy = await startRpcProxy(net.network.rpcUrls[0]);
    await chain().setAutomine(false);
  });
  after(async () => {
    await proxy?.stop();
    await net?.stop();
  });
  beforeEach(() => {
    proxy.tamper = undefined;
  });

  async function open() {
    const table = outboxTable(openLedger(":memory:"));
    const world = { final: await reader().getBlockNumber(), nowMs: 1_000_000 };
    const outbox = createOutbox({
      table,
      client: createNetworkClient({
        network: net.network,
        transport: http(proxy.url, { retryCount: 0 }),
        pollingMs: 20,
      }),
      account: operator,
      finalBlock: () => world.final,
      bumpAfterMs: BUMP_MS,
      nowMs: () => world.nowMs,
      logger: { info: () => {}, warn: () => {} },
    });
    return { world, table, outbox };
  }

  function fresh() {
    lastNumber += 1;
    const call = nodes.setPresence.call(net, { nodeId: 1, untilEpoch: (lastNumber % 29) + 1, leastCap: 0n });
    return { reference: `accept:${lastNumber}`, ...encodeCall(call) };
  }
  /** Counts transactions wrong, by so many, until it is told to stop. */
  function miscount(tag: string, by: number): void {
    proxy.tamper = ({ method, params }, result) => {
      if (method !== "eth_getTransactionCount" || (params as string[])[1] !== tag) return undefined;
      return `0x${(Number(result) + by).toString(16)}`;
    };
  }
  /** A transaction with the operator's key that the outbox knows nothing of. */
  async function foreign(nonce: number): Promise<Hash> {
    const fees = await reader().estimateFeesPerGas();
    const { address: to } = operator;
    const call = { chainId: net.network.chainId, type: "eip1559", to, nonce, gas: 21_000n, ...fees } as const;
    return reader().sendRawTransaction({ serializedTransaction: await operator.signTransaction(call) });
  }
  const count = () => reader().getTransactionCount({ address: operator.address });
  const mine = () => chain().mine({ blocks: 1 });
  const stateOf = (outbox: Outbox, reference: string) => outbox.find(reference)?.state;
  const events = async () => {
    const { nodeRegistry: address } = net.network.contracts;
    return (await reader().getLogs({ address, fromBlock: 0n })).length;
  };

  it("what an RPC says to be pending decides nothing", async () => {
    const { outbox } = await open();
    const [before, call] = [await count(), fresh()];
    miscount("pending", 5);
    outbox.enqueue(call);
    await outbox.pass(never);
    await mine();
    await outbox.pass(never);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(outbox.find(call.reference)?.signed?.nonce, before);
  });

  it("a count that was wrong once holds payment up for as long as a fee is raised, and says so meanwhile", async () => {
    const { outbox, world } = await open();
    const [before, eventsBefore, call] = [await count(), await events(), fresh()];
    miscount("latest", 2);
    outbox.enqueue(call);
    await outbox.pass(never);
    assert.equal(outbox.find(call.reference)?.signed?.nonce, before + 2);
    proxy.tamper = undefined;
    const error = await rejectsCode(outbox.pass(never), "NONCE_GAP");
    assert.equal(error.value, `${operator.address} ${before}`);
    const { signed } = outbox.find(call.reference) ?? {};
    world.nowMs += BUMP_MS;
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    assert.deepEqual(outbox.find(call.reference)?.signed, signed, "no fee brings it on");
    await outbox.pass(never);
    await mine();
    await outbox.pass(never);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(await count(), before + 3, "two transfers of nothing, and the call");
    assert.equal(await events(), eventsBefore + 1, "the call had its effect once");
    world.final = await reader().getBlockNumber();
    await outbox.pass(never);
    assert.deepEqual(outbox.status().queueLength, 0);
  });

  it("status shows the gap while it lasts", async () => {
    const { outbox, world } = await open();
    const call = fresh();
    miscount("latest", 1);
    outbox.enqueue(call);
    await outbox.pass(never);
    proxy.tamper = undefined;
    const stop = new AbortController();
    const running = outbox.run(stop.signal);
    await until("the gap shows", () => outbox.status().lastError?.code === "NONCE_GAP");
    world.nowMs += BUMP_MS;
    await until("it is gone", async () => {
      outbox.wake();
      await mine();
      return outbox.status().lastError === undefined && stateOf(outbox, call.reference) === "mined";
    });
    stop.abort();
    await running;
  });

  it("the next call takes the nonce that is missing", async () => {
    const { outbox } = await open();
    const [before, first, second] = [await count(), fresh(), fresh()];
    miscount("latest", 1);
    outbox.enqueue(first);
    await outbox.pass(never);
    proxy.tamper = undefined;
    outbox.enqueue(second);
    await outbox.pass(never);
    await mine();
    await outbox.pass(never);
    assert.deepEqual(
      [stateOf(outbox, first.reference), stateOf(outbox, second.reference)],
      ["mined", "mined"],
    );
    assert.equal(await count(), before + 2);
  });

  it("a foreign transaction that a reorganisation took out leaves a gap that is filled", async () => {
    const { outbox, world } = await open();
    const [before, call] = [await count(), fresh()];
    const dropped = await foreign(before);
    await mine();
    outbox.enqueue(call);
    await outbox.pass(never);
    assert.equal(outbox.find(call.reference)?.signed?.nonce, before + 1);
    await chain().request({ method: "anvil_reorg", params: [1, []] } as never);
    await chain().dropTransaction({ hash: dropped });
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    world.nowMs += BUMP_MS;
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    await outbox.pass(never);
    await mine();
    await outbox.pass(never);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(await count(), before + 2);
  });

  it("a foreign transaction that is mined after all makes the filler void, and the call is mined once", async () => {
    const { outbox, world } = await open();
    const [before, eventsBefore, call] = [await count(), await events(), fresh()];
    miscount("latest", 1);
    outbox.enqueue(call);
    await outbox.pass(never);
    proxy.tamper = undefined;
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    world.nowMs += BUMP_MS;
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    const filler = outbox.find(`gap:${before}`)?.signed;
    assert.ok(filler);
    await chain().dropTransaction({ hash: filler.hash });
    await foreign(before);
    await mine();
    for (let pass = 0; pass < 3; pass++) {
      world.final = await reader().getBlockNumber();
      await outbox.pass(never);
      await mine();
    }
    assert.equal(stateOf(outbox, call.reference), "final");
    assert.equal(outbox.find(`gap:${before}`)?.error?.code, "TX_NONCE");
    assert.equal(await events(), eventsBefore + 1);
    assert.equal(outbox.status().queueLength, 0);
  });

  it("a count far beyond what a final block holds is asked again, and nothing is signed by it", async () => {
    const { outbox, world } = await open();
    const [before, call] = [await count(), fresh()];
    miscount("latest", 1_000);
    outbox.enqueue(call);
    await rejectsCode(outbox.pass(never), "NONCE_UNSURE");
    assert.equal(stateOf(outbox, call.reference), "queued");
    proxy.tamper = undefined;
    await outbox.pass(never);
    assert.equal(outbox.find(call.reference)?.signed?.nonce, before);
    await mine();
    world.final = await reader().getBlockNumber();
    await outbox.pass(never);
    assert.equal(stateOf(outbox, call.reference), "final");
  });

  it("behind a wide gap a call is given up, put back by its owner and mined once", async () => {
    const { outbox, world, table } = await open();
    const [before, eventsBefore, call] = [await count(), await events(), fresh()];
    outbox.enqueue(call);
    await outbox.pass(never);
    // What a ledger may hold that an earlier agent wrote.
    const { id = 0, signed } = outbox.find(call.reference) ?? {};
    assert.ok(signed);
    await chain().dropTransaction({ hash: signed.hash });
    const raw = await operator.signTransaction({
      chainId: net.network.chainId,
      type: "eip1559",
      to: call.to,
      data: call.data,
      nonce: before + 500,
      gas: signed.gas,
      maxFeePerGas: signed.feePerGas,
    });
    table.sign(id, { ...signed, nonce: before + 500, raw });
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    world.nowMs += BUMP_MS;
    await rejectsCode(outbox.pass(never), "NONCE_GAP");
    assert.equal(outbox.find(call.reference)?.error?.code, "NONCE_GAP");
    outbox.retry(call);
    await outbox.pass(never);
    assert.equal(outbox.find(call.reference)?.signed?.nonce, before);
    await mine();
    await outbox.pass(never);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(await events(), eventsBefore + 1);
  });

  it("an RPC that knows the count but not the receipt yet has nothing sent twice", async () => {
    const { outbox, world } = await open();
    const [before, eventsBefore, call] = [await count(), await events(), fresh()];
    outbox.enqueue(call);
    await outbox.pass(never);
    await mine();
    world.final = await reader().getBlockNumber();
    proxy.tamper = ({ method }) => (method === "eth_getTransactionReceipt" ? null : undefined);
    for (let pass = 0; pass < 2; pass++) await outbox.pass(never);
    assert.equal(outbox.find(call.reference)?.error?.code, "TX_NONCE");
    proxy.tamper = undefined;
    outbox.retry(call);
    await outbox.pass(never);
    assert.equal(stateOf(outbox, call.reference), "final", "its receipt is found before it is signed again");
    assert.equal(await count(), before + 1);
    assert.equal(await events(), eventsBefore + 1);
  });
});
