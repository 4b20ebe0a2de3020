import assert from "node:assert/strict";
import { type SignedRequest, signRequest, Worker3Error } from "@worker3/sdk";
import { privateKeyToAccount } from "viem/accounts";
import type { ApiParts } from "./ApiParts.ts";
import { encodeRequestHeader } from "./requestHeader.ts";
import { NETWORK, NODE_ID, NOW_SECONDS, startTestApi, type TestApi } from "./testing/startTestApi.ts";

const owner = privateKeyToAccount(`0x${"11".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"22".repeat(32)}`);
const BASE = "/.well-known/worker3";

describe("the node's own host name", () => {
  let api: TestApi;
  let reading: ReturnType<ApiParts["readingChain"]>;
  before(async () => {
    api = await startTestApi(owner.address, { readingChain: () => reading });
  });
  after(() => api[Symbol.asyncDispose]());

  it("says who the node is", async () => {
    const { status, text, headers } = await api.ask(`${BASE}/node`);
    assert.equal(status, 200);
    assert.equal(headers["access-control-allow-origin"], "*");
    const { nodeId, protocol, operator } = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual([nodeId, protocol, operator], [NODE_ID, 1, owner.address]);
  });

  it("answers a nonce with its operator's proof, and what is none with an error", async () => {
    const nonce = `0x${"ab".repeat(32)}`;
    const { text, headers } = await api.ask(`${BASE}/node?nonce=${nonce}`);
    assert.equal(headers["cache-control"], "no-store");
    const { nodeId, proof } = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual([nodeId, proof], [NODE_ID, { endpoint: "https://node.example.org", signature: nonce }]);
    for (const bad of ["", "0x", "ab".repeat(32), `${nonce}00`, `0x${"zz".repeat(32)}`]) {
      assert.deepEqual(await codesOf(`node?nonce=${bad}`), [400, "BAD_REQUEST"], bad);
    }
  });

  it("says how far it is with a project that has a seat here, and no other", async () => {
    const { text } = await api.ask(`${BASE}/projects/7`);
    assert.deepEqual(JSON.parse(text), {
      projectId: "7",
      wanted: 2,
      active: 1,
      ready: [1, 2],
      role: "replica",
      proposed: [],
      state: "warm",
    });
    assert.deepEqual(await codesOf("projects/8"), [404, "UNKNOWN_PROJECT"]);
    reading = { code: "SYNCING", message: "This node is still reading the chain, block 5 of 9." };
    assert.deepEqual(await codesOf("projects/8"), [503, "SYNCING"]);
    assert.deepEqual(await codesOf("usage/8/10"), [503, "SYNCING"]);
    assert.equal((await api.ask("/.well-known/worker3/projects/7")).status, 200);
    reading = undefined;
    for (const id of ["0", "07", "-1", "x", "1e3", "18446744073709551616"]) {
      assert.deepEqual(await codesOf(`projects/${id}`), [400, "BAD_REQUEST"], id);
    }
  });

  it("tells a project's owner alone what a failing version printed", async () => {
    const path = `${BASE}/projects/7`;
    const ask = async (signer: typeof owner) => {
      const request = { method: "GET", path, nodeId: NODE_ID, deadline: BigInt(NOW_SECONDS + 60) };
      const signature = await signRequest({ network: NETWORK, signer, request });
      return api.ask(path, { headers: { "worker3-request": encodeRequestHeader(request, signature) } });
    };
    assert.doesNotMatch((await api.ask(path)).text, /last words/);
    assert.equal((await ask(stranger)).code, "SIGNATURE_WRONG");
    const { status, text } = await ask(owner);
    assert.equal(status, 200);
    const { state, failure } = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual(
      [state, failure],
      ["warm", { code: "CELL_FAILING", message: "It ended.", log: "its last words" }],
    );
  });

  it("gives a statement's own bytes", async () => {
    const { status, text, headers } = await api.ask(`${BASE}/statements/7/10`);
    assert.deepEqual([status, text, headers["content-type"]], [200, '{"é":1}', "application/json"]);
    assert.deepEqual(await codesOf("statements/7/11"), [404, "STATEMENT_MISSING"]);
    assert.deepEqual(await codesOf("statements/7/4294967296"), [400, "BAD_REQUEST"]);
  });

  async function codesOf(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<[status: number, code: string | undefined]> {
    const { status, code } = await api.ask(`${BASE}/${path}`, { headers });
    return [status, code];
  }

  describe("usage", () => {
    const request: SignedRequest = {
      method: "GET",
      path: `${BASE}/usage/7/10`,
      nodeId: NODE_ID,
      deadline: BigInt(NOW_SECONDS + 60),
    };
    const signed = async (changes: Partial<SignedRequest> = {}, signer = owner) => {
      const changed = { ...request, ...changes };
      const signature = await signRequest({ network: NETWORK, signer, request: changed });
      return { "worker3-request": encodeRequestHeader(changed, signature) };
    };
    const totals = { requests: String(2n ** 60n), cpuMs: "3", egressKiB: "0", storedMiB: "5" };

    it("totals are for everyone, minutes are not", async () => {
      const { text } = await api.ask(request.path);
      assert.deepEqual(JSON.parse(text), { projectId: "7", nodeId: NODE_ID, epoch: 10, totals });
      assert.deepEqual(await codesOf("usage/8/10"), [404, "UNKNOWN_PROJECT"]);
    });

    it("minutes are for the owner's signed request", async () => {
      const { status, text } = await api.ask(request.path, { headers: await signed() });
      assert.equal(status, 200);
      const document = JSON.parse(text) as { totals: unknown; minutes: unknown[] };
      assert.deepEqual(document.totals, totals);
      assert.deepEqual(document.minutes, [
        { minute: "2026-01-01T00:00:00Z", requests: "7", cpuMs: "3", egressBytes: "12" },
      ]);
    });

    it("a signature that does not count is refused, not overlooked", async () => {
      const bad: [headers: Record<string, string>, code: string][] = [
        [await signed({}, stranger), "SIGNATURE_WRONG"],
        [await signed({ nodeId: NODE_ID + 1 }), "REQUEST_SIGNATURE_WRONG"],
        [await signed({ path: `${BASE}/usage/7/11` }), "REQUEST_SIGNATURE_WRONG"],
        [await signed({ method: "PUT" }), "REQUEST_SIGNATURE_WRONG"],
        [await signed({ deadline: BigInt(NOW_SECONDS - 1) }), "SIGNATURE_EXPIRED"],
        [await signed({ deadline: BigInt(NOW_SECONDS + 901) }), "SIGNATURE_TOO_FAR_AHEAD"],
        [{ "worker3-request": "x" }, "REQUEST_SIGNATURE_WRONG"],
      ];
      for (const [headers, code] of bad) assert.deepEqual(await codesOf("usage/7/10", headers), [401, code]);
    });
  });

  describe("what is refused", () => {
    it("an unknown path is an error document that browsers may read", async () => {
      for (const path of ["/", "/x", `${BASE}/nodes`, "/ipns/x"]) {
        const { status, headers, text } = await api.ask(path);
        assert.equal(status, 404, path);
        assert.equal(headers["worker3-error"], "NOT_FOUND");
        assert.equal(headers["access-control-allow-origin"], "*");
        const { error } = JSON.parse(text) as { error: Record<string, string> };
        assert.deepEqual(Object.keys(error), ["code", "message", "value", "next"]);
      }
    });

    it("another method is 405 and names the one that is taken", async () => {
      for (const [method, path, allow] of [
        ["POST", `${BASE}/node`, "GET, HEAD"],
        ["DELETE", "/ipfs/bafkqaaa", "GET, HEAD"],
        ["GET", `${BASE}/car/x`, "PUT"],
      ] as const) {
        const { status, headers, code } = await api.ask(path, { method });
        assert.deepEqual([status, code, headers.allow], [405, "METHOD_NOT_ALLOWED", allow]);
      }
    });

    it("a browser may ask for what is signed", async () => {
      const headers = {
        origin: "https://page.example",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "worker3-intent",
      };
      const answer = await api.ask(`${BASE}/car/x`, { method: "OPTIONS", headers });
      assert.equal(answer.status, 204);
      assert.match(answer.headers["access-control-allow-methods"] ?? "", /PUT/);
      assert.match(answer.headers["access-control-allow-headers"] ?? "", /worker3-intent/);
    });
  });
});

describe("an error that nobody foresaw", () => {
  it("is 500 with an id; the stack is in the log and not in the answer", async () => {
    await using api = await startTestApi(owner.address, {
      nodeDocument: () => {
        throw new Error("secret path /var/lib");
      },
    });
    const { status, text, code } = await api.ask(`${BASE}/node`);
    assert.deepEqual([status, code], [500, "INTERNAL"]);
    assert.doesNotMatch(text, /secret|\bat\b.*:\d+/);
    const { error } = JSON.parse(text) as { error: { value: string } };
    const line = api.log.find(({ id }) => id === error.value);
    assert.match(JSON.stringify(line), /secret path/);
  });

  it("an error of another part that is not for strangers is INTERNAL too", async () => {
    await using api = await startTestApi(owner.address, {
      nodeDocument: () => {
        throw new Worker3Error({ code: "LEDGER_UNREADABLE", message: "no", value: "/var/lib/worker3" });
      },
    });
    const { code, text } = await api.ask(`${BASE}/node`);
    assert.equal(code, "INTERNAL");
    assert.doesNotMatch(text, /var/);
  });

  it("the node's own trouble is told without its paths, and when to come again", async () => {
    await using api = await startTestApi(owner.address, {
      nodeDocument: () => {
        throw new Worker3Error({ code: "DISK_FULL", message: "no room", value: "/var/lib/worker3" });
      },
    });
    const { status, code, text, headers } = await api.ask(`${BASE}/node`);
    assert.deepEqual([status, code, headers["retry-after"]], [507, "DISK_FULL", "5"]);
    assert.doesNotMatch(text, /var/);
  });
});
