import assert from "node:assert/strict";
import { createNetworkClient, encodeCall, nodes } from "@worker3/sdk";
import { createTestNetwork, putMulticall, type TestNetwork, testAccount } from "@worker3/sdk/testing";
import type { Address } from "viem";
import { openLedger } from "../../ledger/openLedger.ts";
import { outboxTable } from "../../ledger/outboxTable.ts";
import { until } from "../../testing/until.ts";
import { aggregate, firstRefusal, MULTICALL3, strictly } from "./aggregate.ts";
import { createOutbox } from "./createOutbox.ts";

const operator = testAccount(5);
const never = new AbortController().signal;

describe("several calls in one transaction", function () {
  this.timeout(60_000);

  let net: TestNetwork;
  let multicall: Address;

  before(async () => {
    net = await createTestNetwork();
    multicall = await putMulticall(net.network.rpcUrls[0]);
    await nodes.register(await net.as(testAccount(1)), {
      operator: operator.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
  });
  after(() => net?.stop());

  const client = () => createNetworkClient({ network: net.network, pollingMs: 20 });
  /** A call that everybody may make, and one that a contract refuses: it is the operator's alone. */
  const view = (nodeId: number) => encodeCall(nodes.isGone.call(net, { nodeId }));
  const refused = () => encodeCall(nodes.setPresence.call(net, { nodeId: 1, untilEpoch: 5, leastCap: 0n }));

  it("stand where Multicall3 is on other chains", () => assert.equal(multicall, MULTICALL3));

  it("are refused as a whole where they are strict, and the first that is refused says why", async () => {
    const { publicClient } = client();
    const lenient = aggregate(multicall, [view(1), refused(), view(1)]);
    await publicClient.estimateGas({ account: operator, ...lenient });
    await assert.rejects(publicClient.estimateGas({ account: operator, ...strictly(lenient) }));
    const error = await firstRefusal(publicClient, lenient, operator.address);
    assert.equal(error?.code, "NOT_NODE_KEEPER");
    const good = aggregate(multicall, [view(1), view(1)]);
    assert.ok((await publicClient.estimateGas({ account: operator, ...strictly(good) })) > 0n);
    assert.equal(await firstRefusal(publicClient, good, operator.address), undefined);
  });

  it("any other call is as it was", async () => {
    assert.deepEqual(strictly(refused()), refused());
    assert.equal(await firstRefusal(client().publicClient, refused(), operator.address), undefined);
  });

  it("fail in the outbox by the reason of the one that is refused, and cost nothing", async () => {
    const table = outboxTable(openLedger(":memory:"));
    const outbox = createOutbox({
      table,
      client: client(),
      account: operator,
      finalBlock: () => 1_000n,
      bumpAfterMs: 60_000,
      logger: { info: () => {}, warn: () => {} },
    });
    outbox.enqueue({ reference: "submit:1+2", ...aggregate(multicall, [view(1), refused()]) });
    outbox.enqueue({ reference: "submit:3+4", ...aggregate(multicall, [view(1), view(1)]) });
    await outbox.pass(never);
    const failed = outbox.find("submit:1+2");
    assert.deepEqual(
      [failed?.state, failed?.error?.code, failed?.signed],
      ["failed", "NOT_NODE_KEEPER", undefined],
    );
    await until("the other is mined", async () => {
      await outbox.pass(never);
      return outbox.find("submit:3+4")?.state === "final";
    });
  });
});
