import assert from "node:assert/strict";
import {
  type Address,
  createTestClient,
  createWalletClient,
  type EIP1193Provider,
  formatTransaction,
  type Hash,
  http,
  isHex,
  keccak256,
  numberToHex,
  parseGwei,
  parseTransaction,
  publicActions,
  type Transaction,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { TransactionError } from "../../errors/errorClasses.ts";
import { chainOf } from "../../network/chainOf.ts";
import { createNetworkWriter, type NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { transfer } from "../../testing/calls.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { lagBehind } from "../../testing/laggingPool.ts";
import { minedReceipt } from "../../testing/minedReceipt.ts";
import { type RpcProxy, RpcRefusal, startRpcProxy } from "../../testing/rpcProxy.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import { balanceOf } from "../asset/index.ts";
import { encodeCall } from "../call.ts";
import { isSignedBy } from "./isSignedBy.ts";

const AMOUNT = 7n;

/** Somebody who holds nothing yet: what arrives was sent. */
const nobody = (): Address => privateKeyToAccount(generatePrivateKey()).address;

describe("a payment over an RPC that fails", function () {
  this.timeout(60_000);
  let net: TestNetwork;
  let proxy: RpcProxy;
  let chain: ReturnType<typeof chainClient>;
  const payer = testAccount(1);

  before(async () => {
    net = await createTestNetwork();
    await net.as(payer);
    proxy = await startRpcProxy(net.network.rpcUrls[0]);
    chain = chainClient();
  });
  beforeEach(() => {
    proxy.answer = undefined;
  });
  after(async () => {
    await proxy.stop();
    await net.stop();
  });

  const chainClient = () =>
    createTestClient({
      mode: "anvil",
      chain: chainOf(net.network),
      transport: http(net.network.rpcUrls[0]),
    }).extend(publicActions);

  /** A writer behind the proxy, whose requests give up after half a second. */
  const writerOf = (more: Partial<Parameters<typeof createNetworkWriter>[0]> = {}): NetworkWriter =>
    createNetworkWriter({
      network: { ...net.network, rpcUrls: [proxy.url] },
      account: payer,
      transport: http(proxy.url, { timeout: 500, retryCount: 2, retryDelay: 10 }),
      pollingMs: 20,
      ...more,
    });

  /** Once a block is mined: a chain that mines for each transaction tells of its state a moment after its receipt. */
  const heldBy = async (who: Address): Promise<bigint> => {
    await chain.request({ method: "evm_mine" } as never);
    return balanceOf(await net.as(payer), { who });
  };

  const LOST: readonly (readonly [how: string, lose: () => Promise<never> | never])[] = [
    [
      "a broken connection",
      () => {
        throw new Error("broken");
      },
    ],
    [
      "a gateway's 502",
      () => {
        throw new RpcRefusal(0, "bad gateway", { status: 502 });
      },
    ],
    ["no answer at all", () => new Promise<never>(() => {})],
    [
      "an error of its own",
      () => {
        throw new RpcRefusal(-32603, "internal error");
      },
    ],
    [
      "a limit of requests",
      () => {
        throw new RpcRefusal(-32005, "too many requests");
      },
    ],
    [
      "a nonce that is too low",
      () => {
        throw new RpcRefusal(-32000, "nonce too low: next nonce 9, tx nonce 8");
      },
    ],
    [
      "that it is known already",
      () => {
        throw new RpcRefusal(-32000, "already known");
      },
    ],
    [
      "a replacement with too low a fee",
      () => {
        throw new RpcRefusal(-32000, "replacement transaction underpriced");
      },
    ],
    [
      "no funds, which it took",
      () => {
        throw new RpcRefusal(-32000, "insufficient funds for gas * price + value");
      },
    ],
  ];
  for (const [how, lose] of LOST) {
    it(`is made once, and known to be made, where the answer to it is ${how}`, async () => {
      proxy.answer = async (call, ask) => {
        const answer = await ask(call);
        return call.method === "eth_sendRawTransaction" ? lose() : answer;
      };
      const before = await chain.getTransactionCount({ address: payer.address });
      const to = nobody();
      const sent: Hash[] = [];
      const { txHash } = await transfer(writerOf(), {
        to,
        amount: AMOUNT,
        onSent: (hash) => void sent.push(hash),
      });
      assert.equal(await heldBy(to), AMOUNT);
      assert.equal(await chain.getTransactionCount({ address: payer.address }), before + 1);
      assert.deepEqual(sent, [txHash]);
    });
  }

  it("is made once where it got lost on its way there, and where it was sent twice", async () => {
    let tries = 0;
    proxy.answer = (call, ask) => {
      if (call.method !== "eth_sendRawTransaction") return ask(call);
      tries += 1;
      if (tries === 1) throw new Error("lost before the chain had it");
      return ask(call);
    };
    const to = nobody();
    const sent: Hash[] = [];
    await transfer(writerOf(), { to, amount: AMOUNT, onSent: (hash) => void sent.push(hash) });
    assert.deepEqual([await heldBy(to), tries, sent.length], [AMOUNT, 2, 1]);

    proxy.answer = async (call, ask) => {
      if (call.method === "eth_sendRawTransaction") await ask(call);
      return ask(call); // the second time anvil says that it has it, or that the nonce is used
    };
    await transfer(writerOf(), { to, amount: AMOUNT });
    assert.equal(await heldBy(to), 2n * AMOUNT);
  });

  it("goes to the next RPC where the first loses every answer", async () => {
    proxy.answer = (call, ask) => {
      if (call.method === "eth_sendRawTransaction") throw new Error("lost");
      return ask(call);
    };
    const network = { ...net.network, rpcUrls: [proxy.url, net.network.rpcUrls[0]] as const };
    const writer = createNetworkWriter({ network, account: payer, pollingMs: 20 });
    const to = nobody();
    await transfer(writer, { to, amount: AMOUNT });
    assert.equal(await heldBy(to), AMOUNT);
  });

  it("that nobody can tell about fails with its hash, and says to look it up before another", async () => {
    const handed = new Set<string>();
    proxy.answer = async (call, ask) => {
      if (call.method === "eth_sendRawTransaction") {
        handed.add(String((call.params as string[])[0]));
        throw new Error("lost");
      }
      return /Receipt|ByHash/.test(call.method) ? null : ask(call);
    };
    const to = nobody();
    const sent: Hash[] = [];
    const input = { to, amount: AMOUNT, timeoutMs: 700, onSent: (hash: Hash) => void sent.push(hash) };
    const error = await rejectsCode(transfer(writerOf(), input), "TX_UNSURE");
    assert.ok(error.txHash);
    assert.deepEqual(sent, [error.txHash]);
    assert.match(error.next ?? "", /look it up before/);
    assert.deepEqual(
      [...handed].map((raw) => keccak256(raw as Hash)),
      [error.txHash],
      "the same bytes each time",
    );
    assert.equal(await heldBy(to), 0n);
  });

  it("that is ended after it left tells its hash, at any moment", async () => {
    for (const method of ["eth_sendRawTransaction", "eth_getTransactionReceipt"]) {
      const asked = Promise.withResolvers<void>();
      proxy.answer = async (call, ask) => {
        const answer = await ask(call);
        if (call.method !== method) return answer;
        asked.resolve();
        return new Promise(() => {});
      };
      const stop = new AbortController();
      const to = nobody();
      const paying = transfer(writerOf(), { to, amount: AMOUNT, signal: stop.signal });
      const failed = rejectsCode(paying, "ABORTED");
      await asked.promise;
      stop.abort(new DOMException("stopped by SIGINT", "AbortError"));
      const error = await failed;
      assert.match(error.message, /stopped by SIGINT/);
      assert.equal((await minedReceipt(chain, error.txHash ?? "0x")).status, "success");
    }
  });

  it("is signed anew where another program of the same key took its nonce, for the very same call too", async () => {
    const writers = [writerOf(), writerOf(), writerOf()];
    // None signs before all have asked for the nonce, which then is the same for all.
    const all = Promise.withResolvers<void>();
    let asked = 0;
    proxy.answer = async (call, ask) => {
      const answer = await ask(call);
      if (call.method !== "eth_getTransactionCount" || asked === writers.length) return answer;
      asked += 1;
      if (asked === writers.length) all.resolve();
      await all.promise;
      return answer;
    };
    const to = nobody();
    const before = await chain.getTransactionCount({ address: payer.address });
    await Promise.all(writers.map((writer) => transfer(writer, { to, amount: AMOUNT })));
    assert.equal(await heldBy(to), 3n * AMOUNT);
    assert.equal(await chain.getTransactionCount({ address: payer.address }), before + 3);
  });

  /** Keeps what is handed over, and shows a block of its own with another transaction of that nonce. */
  function showTaken(invented: (real: Record<string, unknown>) => Record<string, unknown>) {
    const kept: Hash[] = [];
    let height: bigint | undefined;
    let taken: number | undefined;
    proxy.answer = async (call, ask) => {
      const params = call.params as readonly unknown[];
      if (call.method === "eth_sendRawTransaction") {
        const raw = params[0] as Hash;
        kept.push(raw);
        taken ??= parseTransaction(raw).nonce ?? 0;
        height ??= BigInt((await ask({ method: "eth_blockNumber", params: [] })) as Hash);
        throw new RpcRefusal(-32000, "nonce too low");
      }
      const answer = await ask(call);
      if (taken === undefined || height === undefined) return answer;
      if (call.method === "eth_getTransactionCount") {
        const isBefore = isHex(params[1]) && BigInt(params[1]) < height;
        return isBefore ? answer : numberToHex(taken + 1);
      }
      if (call.method !== "eth_getBlockByNumber" || params[1] !== true) return answer;
      const block = answer as Record<string, unknown>;
      const [real = {}] = block.transactions as Record<string, unknown>[];
      return { ...block, transactions: [invented({ ...real, nonce: numberToHex(taken) })] };
    };
    return kept;
  }

  /** What the account signed for another chain, told as if it were of this. */
  const signedElsewhere = async (type: "legacy" | "eip1559", nonce: number) => {
    const fees = type === "legacy" ? { gasPrice: 1n } : { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
    const raw = await payer.signTransaction({
      type,
      chainId: 1,
      nonce,
      gas: 21_000n,
      to: payer.address,
      ...fees,
    } as never);
    const { r, s, v, yParity } = parseTransaction(raw);
    const { from, ...rest } = {
      from: payer.address,
      to: payer.address,
      input: "0x",
      value: "0x0",
      gas: "0x5208",
    };
    const priced =
      type === "legacy"
        ? { type: "0x0", gasPrice: "0x1" }
        : { type: "0x2", maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x1" };
    const parity = yParity === undefined ? {} : { yParity: numberToHex(yParity), accessList: [] };
    return {
      ...rest,
      from,
      ...priced,
      ...parity,
      r,
      s,
      v: numberToHex(v ?? 0n),
      nonce: numberToHex(nonce),
      chainId: numberToHex(net.network.chainId),
      hash: keccak256(raw),
    } as unknown as Transaction;
  };

  it("is not taken for replaced by what the account signed for another chain, nor by what somebody else signed", async () => {
    const who = { from: payer.address, chainId: net.network.chainId };
    for (const type of ["legacy", "eip1559"] as const) {
      const elsewhere = formatTransaction((await signedElsewhere(type, 7)) as never) as Transaction;
      assert.equal(await isSignedBy(elsewhere, { ...who, chainId: 1 }), true, "it is put together as it was");
      assert.equal(await isSignedBy(elsewhere, who), false);
      assert.equal(await isSignedBy(elsewhere, { from: nobody(), chainId: 1 }), false);
    }
  });

  const INVENTED: readonly (readonly [
    what: string,
    invent: (real: Record<string, unknown>) => Record<string, unknown>,
  ])[] = [
    ["with a signature of nobody", (real) => ({ ...real, from: payer.address, r: "0x1", s: "0x1" })],
    ["of another nonce, as if it were of this", (real) => ({ ...real, from: payer.address })],
    ["of a kind that is not known here", (real) => ({ ...real, from: payer.address, type: "0x7e" })],
  ];
  for (const [what, invent] of INVENTED) {
    it(`is signed once where an RPC keeps it and shows in its place a transaction ${what}`, async () => {
      await transfer(writerOf(), { to: nobody(), amount: AMOUNT }); // the newest block has a transaction of the account
      const kept = showTaken(invent);
      const to = nobody();
      const sent: Hash[] = [];
      const input = { to, amount: AMOUNT, timeoutMs: 3_000, onSent: (hash: Hash) => void sent.push(hash) };
      const error: unknown = await transfer(writerOf(), input).catch((cause: unknown) => cause);
      assert.equal(sent.length, 1, "signatures");
      assert.ok(error instanceof TransactionError);
      assert.deepEqual([error.code, error.txHash], ["TX_UNSURE", sent[0]]);
      proxy.answer = undefined;
      for (const serializedTransaction of new Set(kept))
        await chain.sendRawTransaction({ serializedTransaction });
      assert.equal(await heldBy(to), AMOUNT, "made once when all that was kept is handed on");
    });
  }

  it("is unsure where an RPC says that its nonce is used, and shows by whom never", async () => {
    proxy.answer = (call, ask) => {
      if (call.method === "eth_sendRawTransaction") throw new RpcRefusal(-32000, "nonce too low");
      return ask(call);
    };
    const sent: Hash[] = [];
    const input = {
      to: nobody(),
      amount: AMOUNT,
      timeoutMs: 700,
      onSent: (hash: Hash) => void sent.push(hash),
    };
    const error = await rejectsCode(transfer(writerOf(), input), "TX_UNSURE");
    assert.deepEqual(sent, [error.txHash]);
  });

  for (const type of ["legacy", "eip2930", "eip1559", "eip7702"] as const) {
    it(`is signed anew where a transaction of the kind ${type} of the account took its nonce`, async () => {
      const wallet = createWalletClient({
        account: payer,
        chain: chainOf(net.network),
        transport: http(net.network.rpcUrls[0]),
      });
      const fees =
        type === "legacy" || type === "eip2930"
          ? { gasPrice: parseGwei("20") }
          : { maxFeePerGas: parseGwei("20"), maxPriorityFeePerGas: parseGwei("1") };
      const address = nobody();
      const accessList = [{ address, storageKeys: [numberToHex(1, { size: 32 })] }];
      const list = type === "legacy" ? {} : { accessList };
      let other: Hash | undefined;
      proxy.answer = async (call, ask) => {
        if (call.method === "eth_sendRawTransaction" && other === undefined) {
          const nonce = await chain.getTransactionCount({ address: payer.address });
          const lists =
            type === "eip7702"
              ? {
                  authorizationList: [
                    await wallet.signAuthorization({ contractAddress: address, nonce: nonce + 1 }),
                  ],
                }
              : {};
          const request = { type, to: address, value: 1n, nonce, gas: 200_000n, ...fees, ...list, ...lists };
          other = await wallet.sendTransaction(request as never);
          await minedReceipt(chain, other);
        }
        return ask(call);
      };
      const to = nobody();
      const sent: Hash[] = [];
      const paid = await transfer(writerOf(), { to, amount: AMOUNT, onSent: (hash) => void sent.push(hash) });
      assert.equal(await heldBy(to), AMOUNT);
      assert.deepEqual([sent.length, sent[1]], [2, paid.txHash]);
      assert.equal((await chain.getTransaction({ hash: other ?? "0x" })).type, type);
    });
  }

  it("is not taken for made by the receipt of another transaction", async () => {
    const other = await transfer(writerOf(), { to: nobody(), amount: AMOUNT });
    proxy.answer = (call, ask) => {
      if (call.method === "eth_sendRawTransaction")
        return Promise.resolve(keccak256((call.params as Hash[])[0] ?? "0x"));
      return ask(call.method === "eth_getTransactionReceipt" ? { ...call, params: [other.txHash] } : call);
    };
    const input = { to: nobody(), amount: AMOUNT, timeoutMs: 700 };
    const error = await rejectsCode(transfer(writerOf(), input), "TX_TIMEOUT");
    assert.notEqual(error.txHash, other.txHash);
    assert.match(String(error.cause), /another transaction/);

    // As long as one of two RPCs lies, the other one tells.
    const sent: Hash[] = [];
    proxy.answer = (call, ask) =>
      ask(call.method === "eth_getTransactionReceipt" ? { ...call, params: [other.txHash] } : call);
    const network = { ...net.network, rpcUrls: [proxy.url, net.network.rpcUrls[0]] as const };
    const writer = createNetworkWriter({ network, account: payer, pollingMs: 20 });
    const to = nobody();
    const paid = await transfer(writer, { to, amount: AMOUNT, onSent: (hash) => void sent.push(hash) });
    assert.deepEqual([[paid.txHash], await heldBy(to)], [sent, AMOUNT]);
  });

  it("is not taken for made by a receipt of its hash to another contract or of another account", async () => {
    for (const wrong of [{ to: nobody() }, { from: nobody() }]) {
      proxy.answer = async (call, ask) => {
        const answer = await ask(call);
        const isReceipt = call.method === "eth_getTransactionReceipt" && answer !== null;
        return isReceipt ? { ...(answer as object), ...wrong } : answer;
      };
      await rejectsCode(transfer(writerOf(), { to: nobody(), amount: AMOUNT, timeoutMs: 500 }), "TX_TIMEOUT");
    }
  });

  it("stays open where an RPC says that one which the account never signed took its place", async () => {
    const sent: Hash[] = [];
    proxy.answer = async (call, ask) => {
      const answer = await ask(call);
      if (/Receipt/.test(call.method)) return null;
      if (call.method !== "eth_getBlockByNumber" || (call.params as unknown[])[1] !== true) return answer;
      const block = answer as { transactions: Record<string, unknown>[] };
      return {
        ...block,
        transactions: block.transactions.map((each) => ({
          ...each,
          hash: keccak256("0x01"),
          input: "0x",
          value: "0x0",
        })),
      };
    };
    const input = {
      to: nobody(),
      amount: AMOUNT,
      timeoutMs: 1_500,
      onSent: (hash: Hash) => void sent.push(hash),
    };
    const error = await rejectsCode(transfer(writerOf(), input), "TX_TIMEOUT");
    assert.deepEqual(sent, [error.txHash]);
  });

  describe("while blocks are slow", () => {
    beforeEach(() => chain.setAutomine(false));
    afterEach(async () => {
      await chain.setAutomine(true);
      await chain.mine({ blocks: 1 });
    });

    /** Sends a payment and hands over once it waits to be mined. */
    async function waiting() {
      const to = nobody();
      const left = Promise.withResolvers<Hash>();
      const repriced: Hash[] = [];
      const paying = transfer(writerOf(), {
        to,
        amount: AMOUNT,
        timeoutMs: 20_000,
        onSent: (hash) => left.resolve(hash),
        onRepriced: (hash) => void repriced.push(hash),
      });
      paying.catch(() => undefined);
      const hash = await left.promise;
      const { nonce } = await known(hash);
      return { to, paying, hash, nonce, repriced };
    }

    async function known(hash: Hash) {
      for (;;) {
        const found = await chain.getTransaction({ hash }).catch(() => undefined);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    async function replace(request: { to: Address; data?: Hash; nonce: number }) {
      const wallet = createWalletClient({
        account: payer,
        chain: chainOf(net.network),
        transport: http(net.network.rpcUrls[0]),
      });
      const fees = { maxFeePerGas: parseGwei("50"), maxPriorityFeePerGas: parseGwei("20"), gas: 200_000n };
      const hash = await wallet.sendTransaction({ ...request, ...fees });
      await chain.mine({ blocks: 1 });
      return hash;
    }

    it("is found under the hash that it has after its fee was raised in a wallet", async () => {
      const { to, paying, hash, nonce, repriced } = await waiting();
      const call = encodeCall(transfer.call({ network: net.network }, { to, amount: AMOUNT }));
      const faster = await replace({ ...call, nonce });
      assert.equal((await paying).txHash, faster);
      assert.notEqual(faster, hash);
      assert.deepEqual(repriced, [faster]);
      assert.equal(await heldBy(to), AMOUNT);
    });

    it("that was cancelled, or whose place another one took, says which", async () => {
      const cancelled = await waiting();
      const empty = await replace({ to: payer.address, nonce: cancelled.nonce });
      const error = await rejectsCode(cancelled.paying, "TX_REPLACED");
      assert.match(error.message, /cancelled/);
      assert.deepEqual([error.txHash, error.value], [empty, cancelled.hash]);

      const replaced = await waiting();
      const call = encodeCall(transfer.call({ network: net.network }, { to: nobody(), amount: 1n }));
      const other = await replace({ ...call, nonce: replaced.nonce });
      assert.equal((await rejectsCode(replaced.paying, "TX_REPLACED")).txHash, other);
      assert.deepEqual(await Promise.all([heldBy(cancelled.to), heldBy(replaced.to)]), [0n, 0n]);
    });

    it("that the chain forgot is sent again, as it was", async () => {
      const { to, paying, hash } = await waiting();
      await chain.dropTransaction({ hash });
      await known(hash);
      await chain.mine({ blocks: 1 });
      assert.equal((await paying).txHash, hash);
      assert.equal(await heldBy(to), AMOUNT);
    });
  });

  it("by a wallet whose answer is lost is asked for once, and says where to look", async () => {
    let asked = 0;
    const provider = {
      async request({ method, params }: { method: string; params?: unknown }) {
        if (method !== "eth_sendTransaction") return chain.request({ method, params } as never);
        asked += 1;
        throw new Error("fetch failed");
      },
    } as unknown as EIP1193Provider;
    const browser = createNetworkWriter({ network: net.network, account: payer.address, provider });
    const to = nobody();
    const error = await rejectsCode(transfer(browser, { to, amount: AMOUNT }), "TX_UNSURE");
    assert.match(error.next ?? "", new RegExp(payer.address));
    assert.equal(asked, 1);
  });

  it("by a wallet is found like any other", async () => {
    const provider = { request: (call: never) => chain.request(call) } as unknown as EIP1193Provider;
    const browser = createNetworkWriter({
      network: net.network,
      account: payer.address,
      provider,
      pollingMs: 20,
    });
    const to = nobody();
    await transfer(browser, { to, amount: AMOUNT });
    assert.equal(await heldBy(to), AMOUNT);
  });

  it("over a pool of machines of which some are behind counts in every read after it", async () => {
    lagBehind(proxy, { behind: 6 });
    const writer = writerOf();
    const to = nobody();
    for (let round = 1n; round <= 4n; round += 1n) {
      await transfer(writer, { to, amount: AMOUNT });
      for (let look = 0; look < 4; look += 1)
        assert.equal(await balanceOf(writer, { who: to }), round * AMOUNT);
    }
  });
});
