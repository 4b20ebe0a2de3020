import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { decodeIntentHeader } from "../signing/intentHeader.ts";
import { verifyUploadIntent } from "../signing/verifyUploadIntent.ts";
import { testAccount } from "../testing/accounts.ts";
import { createIntent } from "./createIntent.ts";

const network = {
  chainId: 31_337,
  contracts: { projectRegistry: "0x5FbDB2315678afecb367f032d93F642f64180aa3", usageSettlement: zeroAddress },
} as const;

describe("createIntent", () => {
  it("signs once for many uploads, and anew before the end", async () => {
    const account = testAccount(1);
    let now = 1_800_000_000_000;
    const intended = {
      projectId: 7n,
      owner: account.address,
      digest: `0x${"ab".repeat(32)}`,
      bytes: 9n,
    } as const;
    const intent = createIntent(network, account, intended, () => now);
    const first = await intent();
    now += 300_000;
    assert.equal(await intent(), first);
    now += 200_000;
    const second = await intent();
    assert.notEqual(second, first);
    for (const header of [first, second]) {
      const signed = decodeIntentHeader(header);
      const { deadline, ...rest } = signed.intent;
      assert.deepEqual(rest, intended);
      const signer = await verifyUploadIntent({
        ...signed,
        network,
        owner: account.address,
        mayDeploy: () => false,
        nowSeconds: Number(deadline) - 600,
      });
      assert.equal(signer, account.address);
    }
  });
});
