import assert from "node:assert/strict";
import { playKubo } from "@worker3/sdk/testing";
import { checkKubo } from "./checkKubo.ts";

describe("the doctor, of an IPFS daemon", () => {
  it("tells the daemon that answers; one that does not is told with its address, and is not needed", async () => {
    await using kubo = await playKubo();
    assert.deepEqual(await checkKubo({ url: kubo.url, pins: true }), {
      name: "IPFS daemon",
      ok: true,
      needed: false,
      detail: `Kubo 0.43.0 at ${kubo.url}`,
    });
    await kubo.die();
    const { ok, needed, detail, fix } = await checkKubo({ url: kubo.url, pins: true });
    assert.deepEqual([ok, needed], [false, false]);
    assert.match(detail, new RegExp(`${kubo.url} cannot be reached`));
    assert.match(fix ?? "", /content\.kubo\.url/);
    await kubo.rise();
  });
});
