import assert from "node:assert/strict";
import { type Network, nodes } from "@worker3/sdk";
import {
  createTestNetwork,
  type RpcProxy,
  rejectsCode,
  startRpcProxy,
  type TestNetwork,
  testAccount,
} from "@worker3/sdk/testing";
import { createWitnesses } from "../chain/createWitnesses.ts";
import { requireOperator } from "./requireOperator.ts";

const operator = testAccount(5).address;
const stranger = testAccount(6).address;

describe("an agent that asks whose key it has", function () {
  this.timeout(60_000);

  let net: TestNetwork;
  let liar: RpcProxy;
  let said: string[] = [];

  before(async () => {
    net = await createTestNetwork();
    await nodes.register(await net.as(testAccount(1)), {
      operator,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
    liar = await startRpcProxy(net.network.rpcUrls[0]);
  });
  after(async () => {
    await liar?.stop();
    await net?.stop();
  });
  beforeEach(() => {
    said = [];
    liar.isSilent = false;
    liar.tamper = ({ method }, result) =>
      method === "eth_call"
        ? String(result).replace(operator.slice(2).toLowerCase(), stranger.slice(2).toLowerCase())
        : undefined;
  });

  const ask = (
    key: typeof operator,
    rpcUrls: Network["rpcUrls"],
    { nodeId = 1, requestTimeoutMs = 60_000 } = {},
  ) =>
    requireOperator({
      nodeId,
      key,
      witnesses: createWitnesses({ network: { ...net.network, rpcUrls }, requestTimeoutMs }),
      logger: { warn: (_: unknown, text?: string) => void said.push(text ?? "") },
    });

  it("goes on with the key that the chain names, and refuses another, with both", async () => {
    await ask(operator, net.network.rpcUrls);
    assert.deepEqual(said, []);
    const error = await rejectsCode(ask(stranger, net.network.rpcUrls), "OPERATOR_KEY_WRONG");
    assert.match(error.message, new RegExp(`is ${stranger}, the chain says ${operator}`));
  });

  it("refuses a node that the chain does not have, and a configuration that is not the contracts'", async () => {
    const rpcUrls = net.network.rpcUrls;
    const unknown = await rejectsCode(ask(operator, rpcUrls, { nodeId: 77 }), "UNKNOWN_NODE");
    assert.match(unknown.message, /no node 77/);
    const { times, contracts } = net.network;
    const asking = (network: Partial<Network>) =>
      requireOperator({
        nodeId: 1,
        key: operator,
        witnesses: createWitnesses({ network: { ...net.network, ...network }, requestTimeoutMs: 60_000 }),
        logger: { warn: () => {} },
      });
    const cut = await rejectsCode(asking({ times: { ...times, epochSeconds: 5 } }), "WRONG_CONTRACTS");
    assert.match(cut.message, /epochSeconds/);
    await rejectsCode(asking({ times: { ...times, genesis: times.genesis + 1 } }), "WRONG_CONTRACTS");
    await rejectsCode(asking({ contracts: { ...contracts, projectRegistry: stranger } }), "CONTRACT_MISSING");
    await rejectsCode(asking({ chainId: 5 }), "WRONG_CHAIN");
  });

  it("is not kept from starting by one RPC of two that lies, whichever key it has", async () => {
    const both = [liar.url, net.network.rpcUrls[0]] as const;
    await ask(operator, both);
    assert.match(said.join(), /name different operators/);
    await ask(stranger, both);
  });

  it("refuses by those that answer, where another is silent", async () => {
    liar.isSilent = true;
    const both = [liar.url, net.network.rpcUrls[0]] as const;
    await rejectsCode(ask(stranger, both, { requestTimeoutMs: 1_000 }), "OPERATOR_KEY_WRONG");
  });

  it("starts where the chain is away", async () => {
    liar.isSilent = true;
    await ask(stranger, [liar.url], { requestTimeoutMs: 100 });
    assert.equal(said.length, 2, "of the network and of the key");
  });
});
