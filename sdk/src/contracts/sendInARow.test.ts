import assert from "node:assert/strict";
import { type Address, createTestClient, http, publicActions } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { transfer } from "../testing/calls.ts";
import { createTestNetwork, type TestNetwork, testAccount } from "../testing/index.ts";
import { balanceOf } from "./asset/index.ts";
import { sendInARow } from "./sendInARow.ts";

describe("writes in a row", function () {
  this.timeout(60_000);
  let net: TestNetwork;
  let payer: NetworkWriter;
  const who = testAccount(3).address;
  before(async () => {
    net = await createTestNetwork();
    payer = await net.as(testAccount(3));
  });
  after(() => net.stop());

  const nobody = (): Address => privateKeyToAccount(generatePrivateKey()).address;

  it("wait for one block together, in their order", async () => {
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) }).extend(
      publicActions,
    );
    const [first, second] = [nobody(), nobody()];
    await chain.setAutomine(false);
    try {
      const sending = sendInARow([
        (own) => transfer(payer, { to: first, amount: 1n, ...own }),
        (own) => transfer(payer, { to: second, amount: 2n, ...own }),
      ]);
      const mined = await chain.getTransactionCount({ address: who });
      for (let waiting = 0; waiting < 2; ) {
        waiting = (await chain.getTransactionCount({ address: who, blockTag: "pending" })) - mined;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await chain.mine({ blocks: 1 });
      const [one, two] = await sending;
      assert.ok(one.status === "fulfilled" && two.status === "fulfilled");
      assert.equal(one.value.blockNumber, two.value.blockNumber);
      const [before, after] = await Promise.all(
        [one, two].map(({ value }) => chain.getTransaction({ hash: value.txHash })),
      );
      assert.equal((before?.nonce ?? 0) + 1, after?.nonce);
    } finally {
      await chain.setAutomine(true);
    }
  });

  it("are kept back behind one that is refused, and not behind one that needs nothing sent", async () => {
    const to = nobody();
    const [poor, kept] = await sendInARow([
      (own) => transfer(payer, { to, amount: 10n ** 15n, ...own }),
      (own) => transfer(payer, { to, amount: 3n, ...own }),
    ]);
    assert.deepEqual([poor.status, kept.status], ["rejected", "rejected"]);
    assert.ok(poor.status === "rejected" && kept.status === "rejected");
    assert.deepEqual([poor.reason.code, kept.reason], ["INSUFFICIENT_BALANCE", poor.reason]);
    assert.equal(await balanceOf(payer, { who: to }), 0n);
    const [nothing, sent] = await sendInARow([
      async () => "there already",
      (own) => transfer(payer, { to, amount: 3n, ...own }),
    ]);
    assert.deepEqual([nothing.status, sent.status], ["fulfilled", "fulfilled"]);
    assert.equal(await balanceOf(payer, { who: to }), 3n);
  });
});
