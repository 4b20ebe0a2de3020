import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type EndpointProof, signEndpointProof } from "@worker3/sdk";
import type { Agent } from "undici";
import type { Hash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { NETWORK } from "../api/testing/startTestApi.ts";
import { createEndpointBelief, EndpointUnprovenError, type Peer } from "./createEndpointBelief.ts";
import { createPeerDispatcher } from "./createPeerDispatcher.ts";

const operator = privateKeyToAccount(`0x${"11".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"22".repeat(32)}`);

describe("a node's endpoint", () => {
  let server: Server;
  let dispatcher: Agent;
  let peer: Peer;
  let nonces: Hash[];
  /** What the machine at the endpoint answers. */
  let answer: (nonce: Hash) => Promise<{ status?: number; body: string }>;
  let nowMs: number;
  let believe: (peer: Peer) => Promise<void>;

  const beliefWithin = (timeoutMs: number) => {
    const belief = createEndpointBelief({ network: NETWORK, dispatcher, timeoutMs, nowMs: () => nowMs });
    return (one: Peer) => belief(one, new AbortController().signal);
  };
  const signed =
    (changes: Partial<EndpointProof> = {}, signer = operator) =>
    async (nonce: Hash) => {
      const proof = { nodeId: peer.nodeId, endpoint: peer.endpoint, nonce, ...changes };
      const signature = await signEndpointProof({ network: NETWORK, signer, proof });
      return { body: JSON.stringify({ proof: { endpoint: peer.endpoint, signature } }) };
    };

  beforeEach(async () => {
    nonces = [];
    server = createServer(async (request, response) => {
      const nonce = new URL(request.url ?? "", "http://node").searchParams.get("nonce") as Hash;
      nonces.push(nonce);
      const { status = 200, body } = await answer(nonce);
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end(body);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    peer = {
      nodeId: 5,
      operator: operator.address,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
    dispatcher = createPeerDispatcher({ allowPrivateAddresses: true, connectTimeoutMs: 30_000 });
    nowMs = 0;
    believe = beliefWithin(60_000);
  });
  afterEach(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });

  it("is believed for ten minutes once it answered a fresh nonce for its operator", async () => {
    answer = signed();
    await believe(peer);
    nowMs = 599_999;
    await believe(peer);
    assert.equal(nonces.length, 1);
    nowMs = 600_000;
    await believe(peer);
    assert.equal(new Set(nonces).size, 2);
  });

  it("is proven anew when operator or endpoint change", async () => {
    answer = signed();
    await believe(peer);
    await refused({ ...peer, operator: stranger.address }, /did not sign/);
    await refused({ ...peer, endpoint: peer.endpoint.replace("127.0.0.1", "localhost") }, /answers for/);
    await refused({ ...peer, nodeId: 6 }, /did not sign/);
  });

  it("is not believed with another's answer, an old one, or none", async () => {
    const cases: [answer: typeof answer, reason: RegExp][] = [
      [signed({}, stranger), /did not sign/],
      [signed({ nodeId: 6 }), /did not sign/],
      [signed({ nonce: `0x${"00".repeat(32)}` }), /did not sign/],
      [signed({ endpoint: "https://other.example.org" }), /did not sign/],
      [async () => ({ body: "{}" }), /without a proof/],
      [async () => ({ body: "<html>" }), /without a proof/],
      [
        async () => ({ body: `{"proof":{"endpoint":"${peer.endpoint}","signature":"0x12"}}` }),
        /did not sign/,
      ],
      [async (nonce) => ({ ...(await signed()(nonce)), status: 302 }), /status 302/],
      [async () => ({ body: " ".repeat(70_000) }), /longer than 65536 bytes/],
    ];
    for (const [bad, reason] of cases) {
      answer = bad;
      await refused(peer, reason);
    }
    answer = signed();
    await believe(peer);
  });

  it("is not believed where it does not answer in time", async () => {
    answer = () => new Promise(() => {});
    believe = beliefWithin(500);
    await refused(peer, /timeout/i);
  });

  it("a signal ends the question with its reason", async () => {
    const controller = new AbortController();
    answer = () => {
      controller.abort(new Error("stopping"));
      return new Promise(() => {});
    };
    const belief = createEndpointBelief({ network: NETWORK, dispatcher, timeoutMs: 60_000 });
    await assert.rejects(belief(peer, controller.signal), /stopping/);
  });

  async function refused(one: Peer, reason: RegExp): Promise<void> {
    await assert.rejects(believe(one), (error) => {
      assert.ok(error instanceof EndpointUnprovenError, String(error));
      assert.equal(error.value, one.endpoint);
      assert.match(error.message, reason);
      return true;
    });
  }
});
