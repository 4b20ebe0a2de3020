import assert from "node:assert/strict";
import {
  createNetworkClient,
  encodeIntentHeader,
  hashMessage,
  MAX_SIGNATURE_BYTES,
  type Network,
  parseDeploymentCid,
  type UploadIntent,
} from "@worker3/sdk";
import {
  exampleAddresses,
  type RpcProxy,
  RpcRefusal,
  startAnvil,
  startRpcProxy,
  testAccount,
  walletWithoutCode,
} from "@worker3/sdk/testing";
import type { Address, Hex, PublicClient } from "viem";
import { createVouching } from "./createVouching.ts";
import { encodeRequestHeader } from "./requestHeader.ts";
import {
  NETWORK,
  NODE_ID,
  NOW_SECONDS,
  startTestApi,
  type TestApi,
  testSite,
} from "./testing/startTestApi.ts";

const key = testAccount(4);
const wallet = walletWithoutCode(key);
const stranger = testAccount(5);

describe("a wallet that has no code yet", () => {
  let anvil: Awaited<ReturnType<typeof startAnvil>>;
  let proxy: RpcProxy;
  let api: TestApi;
  let site: Awaited<ReturnType<typeof testSite>>;

  before(async () => {
    anvil = await startAnvil();
    proxy = await startRpcProxy(anvil.rpcUrl);
    site = await testSite("a wallet's", 1_000);
  });
  beforeEach(async () => {
    const network = { chainId: 31_337, rpcUrls: [proxy.url], contracts: exampleAddresses([]) };
    const { publicClient } = createNetworkClient({ network: network as unknown as Network });
    api = await startTestApi(wallet.address, { isVouchedBy: createVouching({ publicClient }) });
    proxy.answer = undefined;
    proxy.calls = 0;
  });
  afterEach(() => api[Symbol.asyncDispose]());
  after(async () => {
    await proxy.stop();
    await anvil.stop();
  });

  const intentOf = (changes: Partial<UploadIntent> = {}): UploadIntent => ({
    projectId: 7n,
    owner: api.chain.owner,
    digest: parseDeploymentCid(site.cid).digest,
    bytes: BigInt(site.car.length),
    deadline: BigInt(NOW_SECONDS + 60),
    ...changes,
  });

  async function put(signature: Hex, signer?: Address): Promise<[status: number, code: string | undefined]> {
    const { status, code } = await api.ask(`/.well-known/worker3/car/${site.cid}`, {
      method: "PUT",
      body: site.car,
      headers: {
        "content-type": "application/vnd.ipld.car",
        "worker3-intent": encodeIntentHeader({ intent: intentOf(), signature, signer }),
      },
    });
    return [status, code];
  }
  const hash = (): Hex => hashMessage(NETWORK, "UploadIntent", intentOf());

  it("uploads as a project's owner and as its delegate, and no other wallet does", async () => {
    assert.deepEqual(await put(await wallet.signWrapped(hash())), [201, undefined]);
    api.chain.owner = stranger.address;
    const asDelegate = await wallet.signWrapped(hash());
    proxy.calls = 0;
    assert.deepEqual(await put(asDelegate, wallet.address), [401, "SIGNATURE_WRONG"]);
    assert.equal(proxy.calls, 0, "who has no right by the chain is not asked");
    api.chain.delegates.add(wallet.address);
    assert.deepEqual(await put(asDelegate, wallet.address), [200, undefined]);
    assert.equal(proxy.calls, 1);
  });

  it("reads its project's minutes", async () => {
    const request = {
      method: "GET",
      path: "/.well-known/worker3/usage/7/10",
      nodeId: NODE_ID,
      deadline: BigInt(NOW_SECONDS + 60),
    };
    const ask = async (signature: Hex) =>
      api.ask(request.path, { headers: { "worker3-request": encodeRequestHeader(request, signature) } });
    const message = hashMessage(NETWORK, "SignedRequest", request);
    assert.match((await ask(await wallet.signWrapped(message))).text, /"minutes":\[\{/);
    const other = await walletWithoutCode(stranger).signWrapped(message);
    assert.equal((await ask(other)).code, "SIGNATURE_WRONG");
  });

  it("may be one whose making takes a long signature", async () => {
    const plain = await wallet.signWrapped(hash());
    const spare = MAX_SIGNATURE_BYTES - (plain.length / 2 - 1);
    const long = await wallet.signWrapped(hash(), {
      ...wallet.creation,
      // What follows the code that makes it is its constructor's to read.
      data: `${wallet.creation.data}${"00".repeat(Math.floor(spare / 32) * 32)}`,
    });
    // Another address then, so that it is none of the owner's.
    assert.deepEqual(await put(long), [401, "SIGNATURE_WRONG"]);
    assert.equal(proxy.calls, 1);
  });

  it("is told to try again where the RPC fails, and never that its signature is wrong", async () => {
    const signature = await wallet.signWrapped(hash());
    proxy.answer = async () => {
      throw new RpcRefusal(-32000, "no such method on this plan");
    };
    assert.deepEqual(await put(signature), [503, "RPC_FAILED"]);
    assert.equal(api.content.has(site.cid), false);
  });
});

describe("what strangers make a node ask of contracts", () => {
  const magic: Hex = `0x1626ba7e${"00".repeat(28)}`;
  const question = (n: number, signer: Address = wallet.address) =>
    ({ hash: `0x${n.toString(16).padStart(64, "0")}`, signature: "0xabcd", signer }) as const;
  const outcome = (answer: Promise<boolean>) => answer.catch((error: { code: string }) => error.code);

  it("is one question for the same, a few a second for each signer and for all, and few at once", async () => {
    let now = 0;
    let asked = 0;
    let answers: PromiseWithResolvers<{ data: Hex }>[] = [];
    const publicClient = {
      call: () => {
        asked += 1;
        const answer = Promise.withResolvers<{ data: Hex }>();
        answers.push(answer);
        return answer.promise;
      },
    } as unknown as Pick<PublicClient, "call">;
    const answerAll = () => {
      for (const { resolve } of answers) resolve({ data: magic });
      answers = [];
    };
    const vouches = createVouching({ publicClient, nowMs: () => now });

    const same = [vouches(question(0)), vouches(question(0))];
    answerAll();
    assert.deepEqual([await Promise.all(same), asked], [[true, true], 1]);

    // Of others, eight at once.
    const signer = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
    const open = Array.from({ length: 8 }, (_, n) => vouches(question(n + 1, signer(n + 1))));
    assert.equal(await outcome(vouches(question(99, signer(99)))), "NODE_BUSY");
    answerAll();
    assert.deepEqual(await Promise.all(open), Array<boolean>(8).fill(true));

    // Of one, ten and then two a second; the others do not notice.
    const one = async (n: number): Promise<unknown> => {
      const answer = outcome(vouches(question(n, signer(1))));
      answerAll();
      return answer;
    };
    const first = [];
    for (let n = 100; n < 110; n++) first.push(await one(n));
    assert.deepEqual(first, [...Array<boolean>(9).fill(true), "NODE_BUSY"]);
    const other = outcome(vouches(question(200, signer(2))));
    answerAll();
    assert.equal(await other, true);
    now += 500;
    assert.equal(await one(110), true);
    assert.equal(await one(111), "NODE_BUSY");

    // Of all, thirty and then ten a second.
    now += 60_000;
    const all = [];
    for (let n = 300; n < 331; n++) {
      const answer = outcome(vouches(question(n, signer(n))));
      answerAll();
      all.push(await answer);
    }
    assert.deepEqual(all, [...Array<boolean>(30).fill(true), "NODE_BUSY"]);
  });
});
