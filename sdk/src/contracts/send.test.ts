import assert from "node:assert/strict";
import { custom, type Hash, http } from "viem";
import { createNetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { transfer } from "../testing/calls.ts";
import { createTestNetwork } from "../testing/createTestNetwork.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { throwsCode } from "../testing/throwsCode.ts";
import { senderOf } from "./send.ts";
import { requiredContracts } from "./table.ts";

describe("senderOf", () => {
  const own = testAccount(1);
  const network = {
    chainId: 31337,
    rpcUrls: ["http://127.0.0.1:1"],
    zone: "worker3.localhost",
    contracts: exampleAddresses(requiredContracts),
    deploymentBlock: 0n,
    times: { genesis: 0, epochSeconds: 20, late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
  } as const;
  const writer = createNetworkWriter({ network, account: own });

  it("is the writer's own account unless another is given", () => {
    assert.equal(senderOf(writer, undefined), own);
    const other = testAccount(2);
    assert.equal(senderOf(writer, other), other);
    assert.equal(senderOf(writer, other.address).type, "json-rpc");
  });

  it("the own account by its address is the one with the key", () => {
    assert.equal(senderOf(writer, own.address), own);
  });

  it("is asked for where there is none", () => {
    throwsCode(() => senderOf(createNetworkWriter({ network }), undefined), "NO_ACCOUNT");
  });
});

describe("a transaction that is sent", function () {
  this.timeout(60_000);

  it("is found though the RPC told of its block before its receipt, and no other block comes", async () => {
    const net = await createTestNetwork();
    try {
      const account = testAccount(1);
      await net.as(account);
      const rpc = http(net.network.rpcUrls[0])({});
      const asked = new Map<Hash, number>();
      /** So often the chain says that there is no receipt yet. */
      let hidden = 2;
      let onLook: (hash: Hash) => void = () => undefined;
      const transport = custom({
        async request({ method, params = [] }: { method: string; params?: readonly Hash[] }) {
          const answer = await rpc.request({ method, params: params as never });
          const [hash] = params;
          if (method !== "eth_getTransactionReceipt" || hash === undefined) return answer;
          const looks = (asked.get(hash) ?? 0) + 1;
          asked.set(hash, looks);
          onLook(hash);
          return looks <= hidden ? null : answer;
        },
      });
      const writer = createNetworkWriter({ network: net.network, account, transport, pollingMs: 20 });
      const { contracts } = net.network;
      const mined = await transfer(writer, { to: contracts.creditEscrow, amount: 1n, timeoutMs: 20_000 });
      assert.match(mined.txHash, /^0x/);
      assert.equal(asked.get(mined.txHash), 3);

      hidden = Number.POSITIVE_INFINITY;
      const stop = new AbortController();
      const looked = Promise.withResolvers<Hash>();
      onLook = looked.resolve;
      const input = { to: contracts.creditEscrow, amount: 1n, signal: stop.signal };
      const left = assert.rejects(transfer(writer, input), /enough/);
      const hash = await looked.promise;
      stop.abort(new Error("enough"));
      await left;
      const before = asked.get(hash) ?? 0;
      // While another one looks ten times it would look as often.
      hidden = 9;
      await transfer(writer, { to: contracts.creditEscrow, amount: 1n, timeoutMs: 20_000 });
      assert.ok((asked.get(hash) ?? 0) - before <= 1, "it asks on, but for what was under way");
    } finally {
      await net.stop();
    }
  });
});
