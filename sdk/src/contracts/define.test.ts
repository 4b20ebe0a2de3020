import assert from "node:assert/strict";
import { createTestClient, decodeFunctionData, type Hex, http, parseTransaction } from "viem";
import { contractByKey, creditEscrow } from "../abi/contracts.ts";
import { createNetworkWriter, type NetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { rejectsCode, throwsCode } from "../testing/throwsCode.ts";
import { encodeCall } from "./call.ts";
import * as calls from "./index.ts";
import { contractKeys } from "./table.ts";

/** A contract that takes every call and says nothing: STOP. */
const SILENT: Hex = "0x00";

describe("a definition of a call", () => {
  let net: TestNetwork;
  let owner: NetworkWriter;
  const account = testAccount(1);

  before(async () => {
    net = await createTestNetwork();
    owner = await net.as(account);
    await calls.nodes.register(owner, {
      operator: account.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 100_000_000n,
    });
    await calls.nodes.setPresence(owner, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
  });
  after(() => net.stop());

  it("what is simulated, what is estimated, what is sent and what .call tells is one call", async () => {
    /** Every call that went to the chain, whichever method carried it. */
    const made: { readonly method: string; readonly to: string; readonly data: Hex }[] = [];
    const transport = http(net.network.rpcUrls[0], {
      onFetchRequest: async (request) => {
        const { method, params = [] } = JSON.parse(await request.clone().text());
        const { to, data, input } =
          method === "eth_sendRawTransaction" ? parseTransaction(params[0]) : (params[0] ?? {});
        if (typeof to === "string") made.push({ method, to: to.toLowerCase(), data: data ?? input });
      },
    });
    const client = createNetworkWriter({ network: net.network, account, transport, pollingMs: 20 });
    const input = {
      domain: `one.${net.network.zone}`,
      cid: "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    };
    await calls.projects.deploy(client, input);
    const { to, data } = encodeCall(calls.projects.deploy.call(client, input));
    assert.deepEqual(decodeFunctionData({ abi: contractByKey.projectRegistry.abi, data }), {
      functionName: "deploy",
      args: [input.domain, input.cid],
    });
    assert.deepEqual(
      made.map((call) => [call.to, call.data]),
      made.map(() => [to.toLowerCase(), data]),
    );
    const methods = made.map(({ method }) => method);
    assert.equal(methods[0], "eth_call", "simulated before anything else");
    assert.equal(methods.at(-1), "eth_sendRawTransaction");
    assert.ok(methods.length > 2, "estimated in between");
  });

  it("a view's question goes into a batch of any kind, beside others", async () => {
    const answers = await owner.publicClient.multicall({
      deployless: true,
      allowFailure: false,
      contracts: [
        calls.nodes.minStake.call(owner),
        calls.settlement.pending.call(owner, { nodeId: 1, epoch: 0 }),
      ],
    });
    assert.deepEqual(answers, [100_000_000n, [0n, 0]]);
  });

  it("needs no more than addresses to tell its call", () => {
    const network = { contracts: exampleAddresses(contractKeys) };
    const call = calls.escrow.withdraw.call({ network }, { projectId: 7n });
    assert.deepEqual(call, {
      address: network.contracts.creditEscrow,
      abi: creditEscrow.abi,
      functionName: "withdraw",
      args: [7n],
    });
    const { creditEscrow: _, ...contracts } = network.contracts;
    const incomplete = { network: { contracts } } as unknown as typeof owner;
    const error = throwsCode(
      () => calls.escrow.withdraw.call(incomplete, { projectId: 7n }),
      "CONTRACT_MISSING",
    );
    assert.equal(error.value, "creditEscrow");
  });

  it("a contract that does not write what its ABI says is noticed, with the transaction", async () => {
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    await chain.setCode({ address: net.network.contracts.creditEscrow, bytecode: SILENT });
    const error = await rejectsCode(
      calls.escrow.deposit(owner, { projectId: 1n, amount: 1n }),
      "TX_WITHOUT_EVENT",
    );
    assert.equal(error.value, "Deposited");
    assert.match(error.txHash ?? "", /^0x[0-9a-f]{64}$/);
  });
});
