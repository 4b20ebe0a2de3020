import assert from "node:assert/strict";
import { createNetworkClient } from "@worker3/sdk";
import { createTestNetwork, startRpcProxy, type TestNetwork } from "@worker3/sdk/testing";
import { createTestClient, http, toHex } from "viem";
import { FORESEEN, foreseenDraw } from "./foreseenDraw.ts";

describe("a draw that can be foreseen", function () {
  this.timeout(60_000);
  let net: TestNetwork;
  before(async () => {
    net = await createTestNetwork();
  });
  after(() => net.stop());

  it("is warned of where prevrandao is constant, and not where blocks have their own", async () => {
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    await chain.mine({ blocks: 70 });
    const proxy = await startRpcProxy(net.network.rpcUrls[0]);
    try {
      const asked: unknown[] = [];
      const network = { ...net.network, rpcUrls: [proxy.url] as const };
      proxy.answer = (call, ask) => {
        if (call.method === "eth_call") asked.push((call.params as unknown[])[1]);
        return ask(call);
      };
      assert.equal(await foreseenDraw(createNetworkClient({ network })), undefined);
      assert.equal(new Set(asked).size, 3, "blocks apart");
      // An EVM as Arbitrum's, where the opcode gives 1 in every block.
      proxy.answer = (call, ask) =>
        call.method === "eth_call" ? Promise.resolve(toHex(1, { size: 32 })) : ask(call);
      assert.equal(await foreseenDraw(createNetworkClient({ network })), FORESEEN);
    } finally {
      await proxy.stop();
    }
  });

  it("says nothing where the chain cannot be asked", async () => {
    const network = { ...net.network, rpcUrls: ["http://127.0.0.1:1"] as const };
    assert.equal(await foreseenDraw(createNetworkClient({ network })), undefined);
  });
});
