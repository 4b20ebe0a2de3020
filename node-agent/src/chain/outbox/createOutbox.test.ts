import assert from "node:assert/strict";
import { createNetworkClient, encodeCall, nodeRegistryAbi, nodes, Worker3Error } from "@worker3/sdk";
import {
  createTestNetwork,
  minedReceipt,
  rejectsCode,
  setOperator,
  type TestNetwork,
  testAccount,
} from "@worker3/sdk/testing";
import { createTestClient, custom, http, parseEther, type Transport } from "viem";
import { openLedger } from "../../ledger/openLedger.ts";
import { outboxTable } from "../../ledger/outboxTable.ts";
import { until } from "../../testing/until.ts";
import { createOutbox, type Outbox } from "./createOutbox.ts";

const operator = testAccount(5);
const never = new AbortController().signal;
const BUMP_MS = 60_000;
const SILENT = { info: () => {}, warn: () => {} };

describe("the outbox", function () {
  this.timeout(60_000);

  let net: TestNetwork;
  let rpcUrl: string;
  let lastNumber = 0;
  const chain = () => createTestClient({ mode: "anvil", transport: http(rpcUrl) });

  before(async () => {
    net = await createTestNetwork();
    rpcUrl = net.network.rpcUrls[0];
    await net.as(operator);
    await nodes.register(await net.as(testAccount(1)), {
      operator: operator.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
  });
  after(() => net?.stop());
  let finalAtStart = 0n;
  beforeEach(async () => {
    await chain().setAutomine(true);
    finalAtStart = await (await reader()).getBlockNumber();
  });

  /** An outbox on a ledger of its own, whose clock and final block the test moves. */
  function open({
    transport = http(rpcUrl, { retryCount: 0 }),
    refusal = () => undefined,
  }: {
    transport?: Transport;
    refusal?: () => Worker3Error | undefined;
  } = {}) {
    const client = createNetworkClient({ network: net.network, transport, pollingMs: 20 });
    const table = outboxTable(openLedger(":memory:"));
    const world = { final: finalAtStart, nowMs: 1_000_000 };
    const outbox = createOutbox({
      table,
      client,
      account: operator,
      finalBlock: () => world.final,
      bumpAfterMs: BUMP_MS,
      nowMs: () => world.nowMs,
      logger: SILENT,
      pollMs: 20,
      refusal,
    });
    return { world, table, outbox };
  }

  const accepting = (untilEpoch: number) =>
    encodeCall(nodes.setPresence.call(net, { nodeId: 1, untilEpoch, leastCap: 0n }));
  /** A call with an effect that no other test has. */
  function fresh() {
    lastNumber += 1;
    return { reference: `accept:${lastNumber}`, ...accepting((lastNumber % 29) + 1) };
  }
  /** A pass, and then the block that it causes: the chain mines on its own thread. */
  async function step(outbox: Outbox): Promise<void> {
    await outbox.pass(never);
    if (!(await chain().getAutomine())) return;
    await until("the chain mined what it has", async () => (await chain().getTxpoolStatus()).pending === 0);
  }
  const acceptingUntil = async () =>
    (await nodes.nodeOf(await net.as(testAccount(1)), { nodeId: 1 })).presentUntil;
  const reader = async () => (await net.as(testAccount(1))).publicClient;
  const nonce = async () => (await reader()).getTransactionCount({ address: operator.address });
  const stateOf = (outbox: Outbox, reference: string) => outbox.find(reference)?.state;

  it("a call is mined once however often it is asked for, and final when its block is", async () => {
    const { outbox, world } = open();
    const before = await nonce();
    const call = fresh();
    outbox.enqueue(call);
    outbox.enqueue({ ...call, ...accepting(30) });
    for (let pass = 0; pass < 3; pass++) await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined");
    world.final = (outbox.find(call.reference)?.mined?.block ?? 0n) - 1n;
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(outbox.status().queueLength, 1);
    world.final += 1n;
    await step(outbox);
    outbox.enqueue(call);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "final");
    assert.deepEqual(outbox.status(), { address: operator.address, queueLength: 0, lastError: undefined });
    assert.equal(await nonce(), before + 1);
    assert.equal(await acceptingUntil(), (lastNumber % 29) + 1);
  });

  it("calls are sent in the order in which they came, with one nonce after the other", async () => {
    const { outbox } = open();
    const before = await nonce();
    const calls = [fresh(), fresh(), fresh()];
    await chain().setAutomine(false);
    for (const call of calls) outbox.enqueue(call);
    await step(outbox);
    assert.deepEqual(
      calls.map(({ reference }) => outbox.find(reference)?.signed?.nonce),
      [before, before + 1, before + 2],
    );
    await chain().mine({ blocks: 1 });
    await step(outbox);
    assert.deepEqual(
      calls.map(({ reference }) => stateOf(outbox, reference)),
      ["mined", "mined", "mined"],
    );
  });

  it("what the contract refuses fails with its reason, costs nothing and holds up nothing", async () => {
    const { outbox } = open();
    const before = await nonce();
    const [refused, good] = [{ reference: "accept:too far", ...accepting(9_999) }, fresh()];
    outbox.enqueue(refused);
    outbox.enqueue(good);
    await step(outbox);
    assert.equal(stateOf(outbox, refused.reference), "failed");
    assert.equal(outbox.find(refused.reference)?.error?.code, "PRESENCE_OUT_OF_RANGE");
    assert.equal(stateOf(outbox, good.reference), "sent");
    assert.equal(await nonce(), before + 1);
    outbox.enqueue({ ...refused, ...accepting(3) });
    assert.equal(stateOf(outbox, refused.reference), "failed", "only its owner puts it back");
    outbox.retry({ ...refused, ...accepting(3) });
    await step(outbox);
    await step(outbox);
    assert.equal(stateOf(outbox, refused.reference), "mined");
  });

  it("a transaction that was mined and refused fails with the contract's reason", async () => {
    const { outbox } = open();
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    const admin = await net.as(testAccount(1));
    const { walletClient } = admin;
    const { nodeRegistry } = net.network.contracts;
    await walletClient.writeContract({
      account: testAccount(1),
      address: nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: "setOperator",
      args: [1, testAccount(6).address],
      maxPriorityFeePerGas: 50_000_000_000n, // goes before the operator's in the same block
      maxFeePerGas: 60_000_000_000n,
    });
    await chain().mine({ blocks: 1 });
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "failed");
    assert.equal(outbox.find(call.reference)?.error?.code, "NOT_NODE_KEEPER");
    assert.match(outbox.find(call.reference)?.error?.txHash ?? "", /^0x/);

    await chain().setAutomine(true);
    await setOperator(admin, { nodeId: 1, operator: operator.address });
    outbox.retry(call);
    await step(outbox);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined", "the receipt of the first try says nothing of it");
  });

  it("what waits too long is sent again with the same nonce and a higher fee, and mined once", async () => {
    const { outbox, world, table } = open();
    const before = await nonce();
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    const first = outbox.find(call.reference)?.signed;
    world.nowMs += BUMP_MS - 1;
    await step(outbox);
    assert.deepEqual(outbox.find(call.reference)?.signed, first);
    world.nowMs += 1;
    await step(outbox);
    const second = outbox.find(call.reference)?.signed;
    assert.ok(first && second && first.tipPerGas !== undefined && second.tipPerGas !== undefined);
    assert.equal(second.nonce, first.nonce);
    assert.ok(second.feePerGas * 8n >= first.feePerGas * 9n && second.tipPerGas * 8n >= first.tipPerGas * 9n);
    assert.deepEqual(table.hashesOf(1), [first.hash, second.hash]);
    await chain().mine({ blocks: 2 });
    await step(outbox);
    assert.equal(outbox.find(call.reference)?.mined?.hash, second.hash);
    assert.equal(await nonce(), before + 1);
  });

  it("a fee that the chain outgrew is raised to what it asks for", async () => {
    const { outbox, world } = open();
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    await chain().setNextBlockBaseFeePerGas({ baseFeePerGas: 100_000_000_000n });
    await chain().mine({ blocks: 1 });
    await rejectsCode(outbox.pass(never), "TX_UNDERPRICED");
    assert.equal(stateOf(outbox, call.reference), "sent");
    world.nowMs += BUMP_MS;
    await step(outbox);
    await chain().mine({ blocks: 1 });
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined");
    // The other tests are to find the chain as cheap as it was.
    await chain().setNextBlockBaseFeePerGas({ baseFeePerGas: 1_000_000_000n });
    await chain().mine({ blocks: 1 });
  });

  it("a form that was mined before its successor arrived is found", async () => {
    const { outbox, world } = open();
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    const first = outbox.find(call.reference)?.signed;
    assert.ok(first);
    world.nowMs += BUMP_MS;
    await step(outbox);
    const second = outbox.find(call.reference)?.signed;
    assert.ok(second);
    await chain().dropTransaction({ hash: second.hash });
    await (await reader()).sendRawTransaction({ serializedTransaction: first.raw });
    await chain().mine({ blocks: 1 });
    await step(outbox);
    assert.equal(outbox.find(call.reference)?.mined?.hash, first.hash);
  });

  it("a transaction that the chain dropped is sent again as it was", async () => {
    const { outbox } = open();
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    const signed = outbox.find(call.reference)?.signed;
    assert.ok(signed);
    await chain().dropTransaction({ hash: signed.hash });
    await step(outbox);
    await chain().mine({ blocks: 1 });
    await step(outbox);
    assert.equal(outbox.find(call.reference)?.mined?.hash, signed.hash);
  });

  it("a transaction that a reorganisation took out is sent again as it was", async () => {
    const { outbox } = open();
    const before = await nonce();
    const call = fresh();
    outbox.enqueue(call);
    await step(outbox);
    await step(outbox);
    const { signed, mined } = outbox.find(call.reference) ?? {};
    assert.ok(signed && mined);
    await chain().setAutomine(false);
    await chain().request({ method: "anvil_reorg", params: [1, []] } as never);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "sent");
    await chain().mine({ blocks: 1 });
    await step(outbox);
    const again = outbox.find(call.reference);
    assert.equal(again?.mined?.hash, signed.hash);
    assert.notEqual(again?.mined?.blockHash, mined.blockHash);
    assert.equal(await nonce(), before + 1);
  });

  it("a nonce that another program used fails the transaction once that is final, and its owner sends it again", async () => {
    const { outbox, world } = open();
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    const signed = outbox.find(call.reference)?.signed;
    assert.ok(signed);
    await chain().dropTransaction({ hash: signed.hash });
    const { walletClient } = await net.as(operator);
    await chain().setAutomine(true);
    const hash = await walletClient.sendTransaction({
      account: operator,
      to: operator.address,
      nonce: signed.nonce,
    });
    await minedReceipt(await reader(), hash);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "sent");
    world.final = await (await reader()).getBlockNumber();
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "sent", "one answer decides nothing");
    await step(outbox);
    assert.equal(outbox.find(call.reference)?.error?.code, "TX_NONCE");
    outbox.retry(call);
    await step(outbox);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(outbox.find(call.reference)?.signed?.nonce, signed.nonce + 1);
  });

  it("an account without gas money is told which and how much, and is served once it has it", async () => {
    const { outbox } = open();
    const call = fresh();
    const before = await nonce();
    await chain().setBalance({ address: operator.address, value: 1_000n });
    outbox.enqueue(call);
    const error = await rejectsCode(outbox.pass(never), "NO_GAS");
    assert.equal(error.value, operator.address);
    assert.match(error.next ?? "", /at least 0\.0\d+ of/);
    assert.equal(stateOf(outbox, call.reference), "queued");
    await chain().setBalance({ address: operator.address, value: parseEther("100") });
    await step(outbox);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined");
    assert.equal(await nonce(), before + 1);
  });

  it("keeps everything while the RPC is away, says so, and goes on by itself", async () => {
    let away = true;
    const live = http(rpcUrl, { retryCount: 0 })({});
    const dead = http("http://127.0.0.1:1", { retryCount: 0 })({});
    const transport = custom({ request: (args) => (away ? dead : live).request(args) }, { retryCount: 0 });
    const { outbox } = open({ transport });
    const stop = new AbortController();
    const running = outbox.run(stop.signal);
    const call = fresh();
    outbox.enqueue(call);
    await until("the RPC is missed", () => outbox.status().lastError?.code === "RPC_UNREACHABLE");
    assert.equal(outbox.status().queueLength, 1);
    away = false;
    await until("it is mined", () => stateOf(outbox, call.reference) === "mined");
    await until("all is well", () => outbox.status().lastError === undefined);
    stop.abort();
    await running;
  });

  it("sends nothing and says why while the agent is not to act for its node, and goes on afterwards", async () => {
    let refused: Worker3Error | undefined = new Worker3Error({
      code: "OTHER_INSTANCE",
      message: "another one",
    });
    const { outbox } = open({ refusal: () => refused });
    const [before, call] = [await nonce(), fresh()];
    outbox.enqueue(call);
    await rejectsCode(outbox.pass(never), "OTHER_INSTANCE");
    assert.deepEqual([stateOf(outbox, call.reference), await nonce()], ["queued", before]);
    refused = undefined;
    await step(outbox);
    await step(outbox);
    assert.equal(stateOf(outbox, call.reference), "mined");
  });

  it("works as soon as something is enqueued, and ends at once when it is told to", async () => {
    const { outbox } = open();
    const stop = new AbortController();
    const running = outbox.run(stop.signal);
    const calls = [fresh(), fresh()];
    for (const call of calls) {
      outbox.enqueue(call);
      await until("it is mined", () => stateOf(outbox, call.reference) === "mined");
    }
    stop.abort();
    await running;
  });

  it("on a chain without EIP-1559 the gas price is paid, and raised", async () => {
    // A double: the real chain, which takes such transactions too, with the one field left out that tells.
    const live = http(rpcUrl)({});
    const transport = custom({
      async request(args: { method: string }) {
        const answer: unknown = await live.request(args);
        if (args.method !== "eth_getBlockByNumber") return answer;
        return { ...(answer as object), baseFeePerGas: undefined };
      },
    });
    const { outbox, world } = open({ transport });
    const call = fresh();
    await chain().setAutomine(false);
    outbox.enqueue(call);
    await step(outbox);
    const first = outbox.find(call.reference)?.signed;
    world.nowMs += BUMP_MS;
    await step(outbox);
    const second = outbox.find(call.reference)?.signed;
    assert.ok(first && second && second.tipPerGas === undefined);
    assert.ok(second.feePerGas * 8n >= first.feePerGas * 9n);
    await chain().mine({ blocks: 1 });
    await step(outbox);
    assert.equal(outbox.find(call.reference)?.mined?.hash, second.hash);
  });
});
