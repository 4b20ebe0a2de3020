import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createTestClient,
  type EIP1193Provider,
  encodeErrorResult,
  type Hash,
  http,
  RpcRequestError,
  type Transport,
  UserRejectedRequestError,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { deposit } from "../contracts/escrow/index.ts";
import { nodeCount, register, setPresence } from "../contracts/nodes/node.ts";
import { deploy } from "../contracts/projects/versions.ts";
import { createNetworkClient } from "../network/createNetworkClient.ts";
import { createNetworkWriter, type NetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { contractError } from "./contractError.ts";
import { missingCredit, noCreditError } from "./noCreditError.ts";
import { revertError } from "./revertError.ts";
import { Worker3Error } from "./Worker3Error.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const endpoint = "http://127.0.0.1:8101";

/** What each of so many calls; it resolves for all of them once the last one has. */
function meeting(size: number): () => Promise<void> {
  let here = 0;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    here += 1;
    if (here === size) open();
    return all;
  };
}

describe("what a call can fail with", () => {
  let net: TestNetwork;
  let writer: NetworkWriter;

  before(async () => {
    net = await createTestNetwork();
    writer = await net.as(testAccount(1));
    const { nodeId } = await register(writer, {
      operator: testAccount(2).address,
      region: "weur",
      endpoint,
      stake: 100_000_000n,
    });
    await setPresence(writer, { nodeId, untilEpoch: 30, leastCap: 0n });
  });
  after(() => net.stop());

  /** A reader whose RPC is a server of our own. */
  async function withServer(
    answer: Parameters<typeof createServer>[1],
    run: (rpcUrl: string) => Promise<void>,
  ): Promise<void> {
    const server: Server = createServer(answer as never);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  function reader(rpcUrl: string, options: { timeout?: number } = {}) {
    const transport = http(rpcUrl, { retryCount: 0, ...options });
    return createNetworkClient({ network: net.network, transport });
  }

  it("an RPC that is not there", async () => {
    const error = await rejectsCode(nodeCount(reader("http://127.0.0.1:1/secret-key")), "RPC_UNREACHABLE");
    assert.equal(error.value, "127.0.0.1:1", "the host alone: a path may hold a key");
  });

  it("an RPC that does not answer in time", () =>
    withServer(
      () => undefined,
      async (url) => {
        const error = await rejectsCode(nodeCount(reader(url, { timeout: 100 })), "RPC_TIMEOUT");
        assert.equal(error.value, new URL(url).host);
      },
    ));

  it("an RPC that takes no more requests", () =>
    withServer(
      ((_: unknown, response: { writeHead(status: number): { end(): void } }) =>
        response.writeHead(429).end()) as never,
      async (url) => void (await rejectsCode(nodeCount(reader(url)), "RPC_LIMITED")),
    ));

  for (const [code, status, error] of [
    ["RPC_TOO_MUCH", 200, [-32602, "query returned more than 10000 results. Try with this block range"]],
    ["RPC_TOO_MUCH", 200, [-32005, "query exceeds max block range 1000"]],
    ["RPC_TOO_MUCH", 200, [-32600, "eth_getLogs is limited to a 10,000 blocks range"]],
    ["RPC_TOO_MUCH", 400, [-32600, "You can make eth_getLogs requests with up to a 500 block range."]],
    ["RPC_TOO_MUCH", 200, [-32602, "Log response size exceeded. You can make eth_getLogs requests with..."]],
    ["RPC_TOO_MUCH", 200, [-32000, "block range is too wide"]],
    ["RPC_TOO_MUCH", 200, [-32701, "Please limit the query to at most 1000 blocks"]],
    ["RPC_TOO_MUCH", 413, [-32701, "Request entity too large"]],
    ["RPC_LIMITED", 429, [429, "Your app has exceeded its compute units per second capacity."]],
    ["RPC_LIMITED", 200, [-32005, "daily request count exceeded, request rate limited"]],
    ["RPC_LIMITED", 200, [-32016, "Your request rate limit is exceeded. Upgrade your plan"]],
    ["RPC_LIMITED", 403, [-32097, "Too many requests from this address"]],
    ["RPC_FAILED", 200, [-32000, "exceeds block gas limit"]],
  ] as const)
    it(`${code} is what "${error[1]}" says`, () =>
      withServer(
        ((_: unknown, response: { writeHead(status: number): { end(body: string): void } }) =>
          response
            .writeHead(status)
            .end(
              JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: error[0], message: error[1] } }),
            )) as never,
        async (url) => void (await rejectsCode(nodeCount(reader(url)), code)),
      ));

  it("an RPC that answers with an error of its own", () =>
    withServer(
      ((_: unknown, response: { end(body: string): void }) =>
        response.end(
          JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32000, message: "header not found" } }),
        )) as never,
      async (url) => {
        assert.match((await rejectsCode(nodeCount(reader(url)), "RPC_FAILED")).message, /header not found/);
      },
    ));

  it("no contract at the address", async () => {
    const contracts = { ...net.network.contracts, nodeRegistry: testAccount(5).address };
    const client = createNetworkClient({ network: { ...net.network, contracts } });
    await rejectsCode(nodeCount(client), "CONTRACT_MISSING");
  });

  it("an account without the chain's coin", async () => {
    const poor = privateKeyToAccount(generatePrivateKey());
    const setup = { account: poor, operator: poor.address, region: "weur", endpoint, stake: 0n } as const;
    await rejectsCode(register(writer, setup), "STAKE_TOO_SMALL");
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    await chain.setBalance({ address: poor.address, value: 1n });
    const { approve } = await import("../contracts/asset/index.ts");
    const spender = net.network.contracts.creditEscrow;
    assert.match(
      (await rejectsCode(approve(writer, { account: poor, spender, amount: 1n }), "NO_GAS")).message,
      /gas/,
    );
  });

  it("no account at all", async () => {
    const silent = createNetworkWriter({ network: net.network });
    await rejectsCode(setPresence(silent, { nodeId: 1, untilEpoch: 3, leastCap: 0n }), "NO_ACCOUNT");
  });

  it("a person who says no in the wallet, and a wallet on another chain", async () => {
    const chain = createNetworkClient({ network: net.network }).publicClient;
    let chainId = net.network.chainId;
    const provider = {
      async request({ method, params }: { method: string; params?: unknown }) {
        if (method === "eth_chainId") return `0x${chainId.toString(16)}`;
        if (method === "eth_sendTransaction")
          throw new UserRejectedRequestError(new Error("User rejected the request."));
        return chain.request({ method, params } as never);
      },
    } as unknown as EIP1193Provider;
    const browser = createNetworkWriter({ network: net.network, account: testAccount(1).address, provider });
    await rejectsCode(setPresence(browser, { nodeId: 1, untilEpoch: 3, leastCap: 0n }), "TX_REJECTED");
    chainId = 1;
    await rejectsCode(setPresence(browser, { nodeId: 1, untilEpoch: 3, leastCap: 0n }), "WRONG_CHAIN");
  });

  it("a refusal that only the mined transaction met names it, and its reason", async () => {
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    // Estimates look at what waits to be mined: neither is sent before both are through with that.
    const atOnce = meeting(2);
    const hesitant: Transport = (parameters) => {
      const rpc = http(net.network.rpcUrls[0])(parameters);
      const request = async (call: { method: string }) => {
        if (call.method === "eth_sendRawTransaction") await atOnce();
        return rpc.request(call as never);
      };
      return { ...rpc, request: request as typeof rpc.request };
    };
    await net.as(testAccount(2));
    const racers = [testAccount(1), testAccount(2)].map((account) =>
      createNetworkWriter({ network: net.network, account, transport: hesitant }),
    );
    const domain = `raced.${net.network.zone}`;
    await chain.setAutomine(false);
    try {
      // Both simulations succeed; the block that mines both has room for one owner of the name.
      const sent: Hash[] = [];
      const onSent = (hash: Hash): void => void sent.push(hash);
      // A hash is told before the transaction leaves; the block is for when the chain has both.
      let handedOver = 0;
      const allThere = Promise.withResolvers<void>();
      const onHandedOver = (): void => {
        handedOver += 1;
        if (handedOver === racers.length) allThere.resolve();
      };
      const both = racers.map((w) => deploy(w, { domain, cid: CID, onSent, onHandedOver }));
      const settled = Promise.allSettled(both);
      // Neither ends before a block is mined, unless it was not sent.
      const ended = Promise.race(both).then(() => assert.fail("one was mined without a block"));
      ended.catch(() => {});
      await Promise.race([allThere.promise, ended]);
      await chain.mine({ blocks: 1 });
      const lost = (await settled).filter((outcome) => outcome.status === "rejected");
      assert.equal(lost.length, 1);
      const error: unknown = lost[0]?.reason;
      assert.ok(error instanceof Worker3Error);
      assert.equal(error.code, "NAME_TAKEN");
      assert.ok(error.txHash !== undefined && sent.includes(error.txHash));
      assert.equal(error.toJSON().txHash, error.txHash);
    } finally {
      await chain.setAutomine(true);
    }
  });

  it("a transaction that is not mined in time names itself, and an abort ends the wait", async () => {
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    await chain.setAutomine(false);
    try {
      let sent: Hash | undefined;
      const onSent = (hash: Hash): void => {
        sent = hash;
      };
      const call = { nodeId: 1, untilEpoch: 3, leastCap: 0n, onSent };
      const error = await rejectsCode(setPresence(writer, { ...call, timeoutMs: 300 }), "TX_TIMEOUT");
      assert.equal(error.txHash, sent);
      const controller = new AbortController();
      const waiting = setPresence(writer, {
        ...call,
        signal: controller.signal,
        onSent: () => controller.abort(new Error("enough")),
      });
      await assert.rejects(waiting, /enough/);
    } finally {
      await chain.setAutomine(true);
      await chain.mine({ blocks: 1 });
    }
  });

  it("an argument that no call can carry", async () => {
    await rejectsCode(deposit(writer, { projectId: 1n << 64n, amount: 1n }), "INVALID_ARGUMENT");
  });
});

describe("contractError", () => {
  const data = encodeErrorResult({
    abi: [{ type: "error", name: "Error", inputs: [{ name: "reason", type: "string" }] }],
    errorName: "Error",
    args: ["ERC20: transfer amount exceeds balance"],
  });

  it("finds the reason wherever a node puts it", () => {
    for (const where of [data, { data }, { originalError: {}, data: { data } }]) {
      const cause = new RpcRequestError({
        body: {},
        url: "http://rpc.example",
        error: { code: 3, message: "execution reverted", data: where },
      });
      const error = contractError(cause);
      assert.ok(error instanceof Worker3Error);
      assert.equal(error.code, "INSUFFICIENT_BALANCE");
    }
  });

  it("knows the reasons of older tokens, and keeps those that it does not know", () => {
    const reasons: [reason: string, code: string, message: RegExp][] = [
      ["ERC20: insufficient allowance", "INSUFFICIENT_ALLOWANCE", /take that much/],
      ["Blacklistable: account is blacklisted", "REVERTED", /blacklisted/],
    ];
    for (const [reason, code, message] of reasons) {
      const error = revertError(
        encodeErrorResult({
          abi: [{ type: "error", name: "Error", inputs: [{ name: "reason", type: "string" }] }],
          errorName: "Error",
          args: [reason],
        }),
      );
      assert.equal(error.code, code);
      assert.match(error.message, message);
    }
  });

  it("an error of contracts that are newer than this program is shown as it came", () => {
    const error = revertError("0x12345678");
    assert.deepEqual([error.code, error.value], ["REVERTED", "0x12345678"]);
  });

  it("a panic says so", () => {
    assert.equal(revertError(`0x4e487b71${"11".padStart(64, "0")}`).code, "PANIC");
  });

  it("errors of worker3, aborts and bugs come back as they are", () => {
    for (const error of [new TypeError("bug"), new DOMException("x", "AbortError"), revertError(undefined)]) {
      assert.equal(contractError(error), error);
    }
  });
});

describe("noCreditError", () => {
  it("says what is missing, as a command", () => {
    const facts = { projectId: 7n, available: 500_000n, budget: 3_000_000n, late: 3 };
    const error = noCreditError({ ...facts, free: 9_500_000n, thawing: 0n });
    assert.equal(error.code, "NO_CREDIT");
    assert.match(
      error.message,
      /0\.5 available; one epoch may cost 3\. .* has 9\.5 of .* last 3 epochs: 12 lasts\.$/,
    );
    assert.equal(error.next, "worker3 credit deposit 7 2.5, then deploy again");
  });

  it("asks for what lasts: what is set aside is set aside of a deposit, too", () => {
    const rows: [available: bigint, budget: bigint, free: bigint, late: number, missing: bigint][] = [
      // Nothing there yet: as much as a new project is advised.
      [0n, 300_000n, 0n, 3, 1_200_000n],
      [0n, 300_000n, 900_000n, 3, 300_000n],
      [0n, 300_000n, 500_000n, 3, 700_000n],
      // A larger cap was set aside for earlier epochs than the one of now.
      [100n, 300n, 2_000n, 3, 200n],
      [300n, 300n, 1_200n, 3, 0n],
      [0n, 0n, 0n, 3, 0n],
    ];
    for (const [available, budget, free, late, missing] of rows) {
      assert.equal(missingCredit({ available, budget, free, late }), missing);
    }
  });

  it("tells credit that is asked back, and what is enough with it", () => {
    const facts = { projectId: 4n, available: 0n, budget: 300_000n, late: 3, free: 0n };
    const whole = noCreditError({ ...facts, thawing: 1_200_000n });
    assert.match(whole.message, / 1\.2 of its credit is asked back/);
    assert.equal(
      whole.next,
      "worker3 credit withdraw 4 --cancel, which its owner can, then deploy again; or worker3 credit deposit 4 1.2, then deploy again",
    );
    const part = noCreditError({ ...facts, thawing: 500_000n });
    assert.match(
      part.next ?? "",
      /^worker3 credit withdraw 4 --cancel, .* and worker3 credit deposit 4 0\.7, then/,
    );
  });
});
