import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Address,
  concat,
  createTestClient,
  createWalletClient,
  encodeErrorResult,
  type Hex,
  http,
  keccak256,
  numberToHex,
  parseAbi,
  size,
  toHex,
} from "viem";
import { createNetworkClient } from "../network/createNetworkClient.ts";
import type { Network } from "../network/network.ts";
import { testAccount } from "../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { type RpcProxy, RpcRefusal, startRpcProxy } from "../testing/rpcProxy.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { walletWithoutCode } from "../testing/walletWithoutCode.ts";
import { hashMessage } from "./hashMessage.ts";
import { isSignedBy } from "./isSignedBy.ts";
import { isVouchedBy, MAX_SIGNATURE_BYTES } from "./isVouchedBy.ts";
import { verifyRequest } from "./verifyRequest.ts";
import { verifyUploadIntent } from "./verifyUploadIntent.ts";
import { verifyUsageBatch } from "./verifyUsageBatch.ts";

const key = testAccount(4);
const wallet = walletWithoutCode(key);
const stranger = testAccount(5);
const nowSeconds = 1_000_000;
const hash = keccak256(toHex("a message"));
const CONTRACT: Address = "0x00000000000000000000000000000000000a11ce";
/** Returns ERC-1271's magic value, whatever it is asked. */
const VOUCHES_FOR_ALL: Hex = `0x7f1626ba7e${"00".repeat(28)}5f5260205ff3`;

describe("a signature of a wallet that is a contract", () => {
  let net: TestNetwork;
  let proxy: RpcProxy;
  let network: Network;
  let publicClient: ReturnType<typeof createNetworkClient>["publicClient"];
  const intent = {
    projectId: 7n,
    owner: wallet.address,
    digest: hash,
    bytes: 1_234n,
    deadline: BigInt(nowSeconds + 60),
  };
  const request = { method: "GET", path: "/", nodeId: 1, deadline: intent.deadline };
  const setCode = (bytecode: Hex, address: Address = CONTRACT) =>
    createTestClient({ mode: "anvil", transport: http(proxy.target) }).setCode({ address, bytecode });

  before(async () => {
    net = await createTestNetwork();
    proxy = await startRpcProxy(net.network.rpcUrls[0]);
    network = { ...net.network, rpcUrls: [proxy.url] };
    ({ publicClient } = createNetworkClient({ network }));
  });
  beforeEach(() => {
    proxy.calls = 0;
    proxy.answer = undefined;
    proxy.tamper = undefined;
  });
  after(async () => {
    await proxy.stop();
    await net.stop();
  });

  const checkIntent = (signature: Hex, changes: Partial<Parameters<typeof verifyUploadIntent>[0]> = {}) =>
    verifyUploadIntent({
      network,
      intent,
      signature,
      owner: wallet.address,
      mayDeploy: () => false,
      nowSeconds,
      publicClient,
      ...changes,
    });

  it("counts before the wallet has code, for an upload and for a request, by one call each", async () => {
    assert.equal(await publicClient.getCode({ address: wallet.address }), undefined);
    proxy.calls = 0;
    const signature = await wallet.signWrapped(hashMessage(network, "UploadIntent", intent));
    assert.equal(await checkIntent(signature), wallet.address);
    assert.equal(proxy.calls, 1);
    const asked = await wallet.signWrapped(hashMessage(network, "SignedRequest", request));
    await verifyRequest({
      network,
      request,
      signature: asked,
      signer: wallet.address,
      nowSeconds,
      publicClient,
    });
    assert.equal(proxy.calls, 2);
    assert.equal(
      await publicClient.verifyHash({
        address: wallet.address,
        hash: hashMessage(network, "UploadIntent", intent),
        signature,
      }),
      true,
      "as others judge it",
    );
  });

  it("counts for a delegate that the intent comes with, and for nobody else that it names", async () => {
    const owned = { ...intent, owner: stranger.address };
    const signature = await wallet.signWrapped(hashMessage(network, "UploadIntent", owned));
    const check = (signer: Address | undefined, delegates: readonly Address[]) =>
      checkIntent(signature, {
        intent: owned,
        owner: stranger.address,
        signer,
        mayDeploy: (who) => delegates.includes(who),
      });
    assert.equal(await check(wallet.address, [wallet.address]), wallet.address);
    proxy.calls = 0;
    await rejectsCode(check(wallet.address, []), "SIGNATURE_WRONG");
    assert.equal(proxy.calls, 0, "who has no right is not asked");
    await rejectsCode(check(undefined, [wallet.address]), "SIGNATURE_WRONG");
  });

  it("of another key, of another message and of a wallet that its wrapper does not make does not", async () => {
    const good = hashMessage(network, "UploadIntent", intent);
    const other = walletWithoutCode(stranger);
    for (const signature of [
      await other.signWrapped(good),
      await other.signWrapped(good, wallet.creation),
      await wallet.signWrapped(good, other.creation),
      await wallet.signWrapped(hash),
      await wallet.signWrapped(good, { to: CONTRACT, data: "0x" }),
      await wallet.signWrapped(good, { ...wallet.creation, data: "0x1234" }),
      await wallet.sign(good),
    ]) {
      await rejectsCode(checkIntent(signature), "SIGNATURE_WRONG");
    }
    const owner = stranger.address;
    const forOwner = await wallet.signWrapped(hashMessage(network, "UploadIntent", { ...intent, owner }));
    await rejectsCode(checkIntent(forOwner, { owner, intent: { ...intent, owner } }), "SIGNATURE_WRONG");
  });

  it("asks nobody where a key signed, nor for what is too long", async () => {
    const owner = key.address;
    const ownIntent = { ...intent, owner };
    const signature = await key.sign({ hash: hashMessage(network, "UploadIntent", ownIntent) });
    assert.equal(await checkIntent(signature, { owner, intent: ownIntent }), owner);
    const long = await wallet.signWrapped(hashMessage(network, "UploadIntent", intent), {
      ...wallet.creation,
      data: `0x${"00".repeat(MAX_SIGNATURE_BYTES)}`,
    });
    await rejectsCode(checkIntent(long), "SIGNATURE_WRONG");
    assert.equal(proxy.calls, 0);
  });

  it("counts for nothing that the contracts judge, which take no wrapper", async () => {
    const batch = { nodeId: 1, epoch: 0, statements: hash, receipts: "0x" } as const;
    const signature = await wallet.signWrapped(hashMessage(network, "UsageBatch", batch));
    await rejectsCode(
      verifyUsageBatch({ network, batch, signature, signer: wallet.address, publicClient }),
      "SIGNATURE_WRONG",
    );
  });

  it("is no wrong one where the RPC fails, whatever it says", async () => {
    const wrapped = await wallet.signWrapped(hashMessage(network, "UploadIntent", intent));
    const plain = await wallet.sign(hashMessage(network, "UploadIntent", intent));
    for (const [refusal, code] of [
      [new RpcRefusal(-32005, "too many requests", { status: 429 }), "RPC_LIMITED"],
      [new RpcRefusal(-32603, "internal error"), "RPC_FAILED"],
      [new RpcRefusal(-32000, "missing trie node"), "RPC_FAILED"],
      [new RpcRefusal(-32602, "missing field `to`"), "RPC_FAILED"],
      [new Error("the connection breaks"), "RPC_UNREACHABLE"],
    ] as const) {
      proxy.answer = async () => {
        throw refusal;
      };
      for (const signature of [wrapped, plain]) await rejectsCode(checkIntent(signature), code);
    }
    // An RPC that does not run what is sent along.
    proxy.answer = async () => "0x";
    await rejectsCode(checkIntent(wrapped), "RPC_FAILED");
    await rejectsCode(checkIntent(plain), "SIGNATURE_WRONG");
  });

  it("costs an RPC a bounded amount of gas, and whoever burns it does not vouch", async () => {
    const gas: unknown[] = [];
    proxy.answer = async (call, ask) => {
      gas.push((call.params as [{ gas?: Hex }])[0].gas);
      return ask(call);
    };
    const question = { hash, signature: await key.sign({ hash }), signer: CONTRACT };
    // An endless loop; an invalid instruction; a revert; nothing.
    for (const code of ["0x5b5f56", "0xfe", "0x5f5ffd", "0x"] as const) {
      await setCode(code);
      assert.equal(await isVouchedBy(question, publicClient), false, code);
    }
    await setCode("0x5b5f56");
    const wrapped = await wallet.signWrapped(hash, { to: CONTRACT, data: "0x" });
    assert.equal(
      await isVouchedBy(
        { hash, signature: wrapped, signer: wallet.address, takesUndeployed: true },
        publicClient,
      ),
      false,
    );
    assert.deepEqual([...new Set(gas)], ["0x989680"]);
  });

  it("makes nobody ask an address that the contract names", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end(JSON.stringify({ data: "0x" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const lookup = encodeErrorResult({
        abi: parseAbi(["error OffchainLookup(address, string[], bytes, bytes4, bytes)"]),
        args: [CONTRACT, [`http://127.0.0.1:${port}/`], "0x", "0x12345678", "0x"],
      });
      const length = numberToHex(size(lookup), { size: 2 });
      await setCode(concat(["0x61", length, "0x8061000b5f395ffd", lookup]));
      const question = { hash, signature: await key.sign({ hash }), signer: CONTRACT };
      assert.equal(await isVouchedBy(question, publicClient), false);
      assert.equal(asked, 0);
    } finally {
      server.close();
    }
  });

  // Last: from here on the wallet has code.
  it("counts with and without its wrapper when the wallet is there, and short ones as the contract likes", async () => {
    const sender = createWalletClient({ account: stranger, transport: http(proxy.target) });
    const transaction = await sender.sendTransaction({ chain: null, ...wallet.creation });
    await publicClient.waitForTransactionReceipt({ hash: transaction });
    const message = hashMessage(network, "UploadIntent", intent);
    for (const signature of [await wallet.signWrapped(message), await wallet.sign(message)]) {
      assert.equal(await checkIntent(signature), wallet.address);
    }
    await setCode(VOUCHES_FOR_ALL);
    const short = { hash, signature: "0xabcd", signer: CONTRACT, takesUndeployed: true } as const;
    assert.equal(await isSignedBy({ ...short, publicClient }), true);
  });
});
