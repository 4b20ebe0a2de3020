import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { signEndpointProof } from "@worker3/sdk";
import { testAccount } from "@worker3/sdk/testing";
import type { Hash, LocalAccount } from "viem";
import { NETWORK } from "../api/testing/startTestApi.ts";
import { createIdentityWatch, type IdentityWatch } from "./createIdentityWatch.ts";

const operator = testAccount(5);
const stranger = testAccount(6);
const never = new AbortController().signal;

describe("the watch over who speaks for a node", () => {
  let server: Server;
  let endpoint = "";
  let watch: IdentityWatch;
  let told: string[] = [];
  let warned: string[] = [];
  let named = operator.address;
  /** What the machine at the endpoint answers; undefined breaks the connection. */
  let answer: (nonce: Hash) => Promise<object | undefined>;

  /** An agent with a key, as another machine or this very process would answer. */
  const agent =
    (key: LocalAccount, instance: string, noteNonce: (nonce: Hash) => void = () => {}) =>
    async (nonce: Hash) => {
      noteNonce(nonce);
      const proof = { nodeId: 5, endpoint, nonce };
      const signature = await signEndpointProof({ network: NETWORK, signer: key, proof });
      return { instance, proof: { endpoint, signature } };
    };

  beforeEach(async () => {
    server = createServer(async (request, response) => {
      const nonce = new URL(request.url ?? "", "http://node").searchParams.get("nonce") as Hash;
      const body = await answer(nonce);
      if (body === undefined) request.socket.destroy();
      else response.end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    told = [];
    warned = [];
    named = operator.address;
    watch = createIdentityWatch({
      network: NETWORK,
      nodeId: 5,
      operator: operator.address,
      node: () => ({ operator: named, endpoint }),
      timeoutMs: 10_000,
      logger: {
        error: (_: unknown, text?: string) => void told.push(text ?? ""),
        warn: (_: unknown, text?: string) => void warned.push(text ?? ""),
        info: (_: unknown, text?: string) => void told.push(text ?? ""),
      },
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = async () => {
    await watch.askEndpoint(never);
    watch.look();
    return watch.refusal()?.code;
  };

  it("another one that answers twice at the endpoint with the key ends all signing, until this one answers again", async () => {
    answer = agent(operator, "the other one");
    assert.equal(await ask(), undefined, "once, as when an agent moves");
    assert.equal(await ask(), "OTHER_INSTANCE");
    assert.match(watch.refusal()?.message ?? "", /instance the other one/);
    answer = async () => undefined;
    assert.equal(await ask(), "OTHER_INSTANCE", "nobody at home says nothing");
    answer = agent(operator, watch.instance, watch.noteNonce);
    assert.equal(await ask(), undefined);
    assert.deepEqual(told.length, 2);
  });

  it("this agent itself is told by its having been asked, whatever the answer says of itself", async () => {
    answer = agent(operator, "some other name", watch.noteNonce);
    for (let i = 0; i < 3; i++) assert.equal(await ask(), undefined);
  });

  it("one without the key, in the way or at a wrong endpoint, ends nothing", async () => {
    for (answer of [
      agent(stranger, "stranger"),
      async () => ({ instance: "x", proof: { endpoint, signature: "0x12" } }),
      async () => ({ instance: "x" }),
      async () => ({}),
      async () => undefined,
      async () => agent(operator, "old")(`0x${"00".repeat(32)}`),
    ])
      for (let i = 0; i < 3; i++) assert.equal(await ask(), undefined);
  });

  it("answers that differ in between count from the beginning", async () => {
    const other = agent(operator, "the other one");
    const self = agent(operator, watch.instance, watch.noteNonce);
    for (answer of [other, self, other, self]) assert.equal(await ask(), undefined);
  });

  it("another operator on chain ends all signing at once, and the same again begins it", () => {
    named = stranger.address;
    watch.look();
    watch.look();
    const { code, message = "" } = watch.refusal() ?? {};
    assert.equal(code, "OPERATOR_KEY_WRONG");
    assert.match(message, new RegExp(`is ${operator.address}, the chain says ${stranger.address}`));
    named = operator.address;
    watch.look();
    assert.equal(watch.refusal(), undefined);
    assert.equal(told.length, 2, "each change is told once");
  });

  it("an endpoint that does not lead here is told and ends nothing, until this agent reaches itself there", async () => {
    const stray = agent(stranger, "stranger");
    for (const [other, why] of [
      [async () => undefined, /other side closed|socket/i],
      [async () => ({}), /no agent answered/],
      [stray, /sign/i],
    ] as const) {
      answer = other;
      assert.equal(await ask(), undefined);
      const { code, value, message = "" } = watch.unreached() ?? {};
      assert.deepEqual([code, value], ["ENDPOINT_UNREACHED", endpoint]);
      assert.match(message, why);
    }
    assert.equal(warned.length, 1, "told once");
    answer = agent(operator, watch.instance, watch.noteNonce);
    await ask();
    assert.equal(watch.unreached(), undefined);
    answer = async () => undefined;
    await ask();
    assert.equal(watch.unreached()?.code, "ENDPOINT_UNREACHED");
    endpoint = "http://127.0.0.1:1";
    assert.equal(watch.unreached(), undefined, "of another endpoint nothing is known");
  });

  it("a node without an endpoint asks nobody", async () => {
    endpoint = "";
    answer = () => assert.fail("asked");
    assert.equal(await ask(), undefined);
  });
});
