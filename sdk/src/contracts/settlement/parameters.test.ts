import assert from "node:assert/strict";
import { zeroHash } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { TEST_PRICES } from "../../testing/deployNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as settlement from "./index.ts";

describe("the settlement's parameters", () => {
  let net: TestNetwork;
  let admin: NetworkWriter;
  let owner: NetworkWriter;

  before(async () => {
    net = await createTestNetwork();
    [admin, owner] = [await net.as(testAccount(0)), await net.as(testAccount(1))];
  });
  after(() => net.stop());

  it("parameters and the pause are the administrator's", async () => {
    await net.toEpoch(3); // prices change at most once in late + 2 epochs
    const fromEpoch = 5;
    const prices = { ...TEST_PRICES, fromEpoch, base: 1_001n };
    await rejectsCode(settlement.setPrices(owner, { prices }), "ACCESS_MANAGED_UNAUTHORIZED");
    await rejectsCode(
      settlement.setPrices(admin, { prices: { ...prices, feeBps: 2_001 } }),
      "PRICES_OUT_OF_BOUNDS",
    );
    await rejectsCode(
      settlement.setPrices(admin, { prices: { ...prices, fromEpoch: 1 } }),
      "PRICES_NOT_AHEAD",
    );
    await settlement.setPrices(admin, { prices });
    assert.deepEqual(await settlement.pricesAt(owner, { epoch: fromEpoch }), prices);
    assert.deepEqual(await settlement.pricesAt(owner, { epoch: fromEpoch - 1 }), TEST_PRICES);
    await rejectsCode(
      settlement.setPrices(admin, { prices: { ...prices, fromEpoch: 99 } }),
      "PRICES_TOO_SOON",
    );
    const parameters = { minBond: 1n, maxSlash: 2n, arbiter: testAccount(3).address };
    await rejectsCode(
      settlement.setParameters(admin, { ...parameters, minBond: 10n ** 12n }),
      "PARAMETERS_OUT_OF_BOUNDS",
    );
    await settlement.setParameters(admin, parameters);
    assert.deepEqual(
      {
        minBond: await settlement.minBond(owner),
        maxSlash: await settlement.maxSlash(owner),
        arbiter: await settlement.arbiter(owner),
      },
      parameters,
    );
    const { until } = await settlement.pause(admin);
    assert.equal(await settlement.pausedUntil(owner), until);
    const batch = { nodeId: 1, epoch: 0, statements: zeroHash, receipts: zeroHash, signature: "0x" } as const;
    await rejectsCode(settlement.submit(owner, batch), "PAUSED");
  });
});
