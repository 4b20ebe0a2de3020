import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { putCar } from "../node/putCar.ts";
import { type Car, fetchPutCar } from "./putCar.ts";
import { uploadCar, uploadToReplicas } from "./uploadCar.ts";

const CAR: Car = {
  cid: "bafytest",
  bytes: 3,
  async *open() {
    yield Uint8Array.of(1, 2, 3);
  },
};

interface Scripted extends AsyncDisposable {
  readonly endpoint: string;
  asked: number;
}

/** What a server answers: statuses, or that an upload of the same content is under way. */
type Script = readonly [Answer, ...Answer[]];
type Answer = number | "in progress";

/** A server that answers with these statuses, the last one for ever. */
async function answering(...statuses: Script): Promise<Scripted> {
  const server = createServer((request, response) => {
    const entry = statuses[Math.min(scripted.asked, statuses.length - 1)] ?? 500;
    const status = entry === "in progress" ? 409 : entry;
    const code = entry === "in progress" ? "UPLOAD_IN_PROGRESS" : `S${status}`;
    scripted.asked += 1;
    const text = JSON.stringify(status < 300 ? { ready: true } : { error: { code, message: "Said so." } });
    request.resume().once("end", () => response.writeHead(status).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scripted: Scripted = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

describe("uploadCar", () => {
  const cases: [name: string, statuses: Script, behindMs: number, asked: number, refused?: RegExp][] = [
    ["ends when the node has it", [201], 0, 1],
    ["ends when the node had it", [200], 0, 1],
    ["comes again to a node that is busy", [503, 429, 201], 0, 3],
    ["takes a refusal as the last word", [403, 201], 0, 1, /S403: Said so/],
    ["comes again where the node may not have seen the newest block", [404, 402, 201], 20_000, 3],
    ["comes again where its last try is not over", ["in progress", 201], 0, 2],
    ["does not come again with content that is wrong", [422, 201], 20_000, 1, /S422/],
  ];
  for (const [name, statuses, behindMs, asked, refused] of cases) {
    it(name, async () => {
      await using node = await answering(...statuses);
      const replica = { nodeId: 4, endpoint: node.endpoint };
      const upload = uploadCar({ replica, car: CAR, put: putCar, behindMs, patienceMs: 20_000 });
      if (refused === undefined) await upload;
      else await assert.rejects(upload, { code: "UPLOAD_REFUSED", message: refused, value: node.endpoint });
      assert.equal(node.asked, asked);
    });
  }

  it("gives up a busy node when patience ends", async () => {
    await using node = await answering(503);
    const replica = { nodeId: 4, endpoint: node.endpoint };
    await assert.rejects(uploadCar({ replica, car: CAR, put: putCar, patienceMs: 2_000 }), {
      code: "UPLOAD_REFUSED",
    });
    assert.ok(node.asked > 1);
  });

  it("goes by fetch too, as a page sends it", async () => {
    await using node = await answering(503, 201);
    const replica = { nodeId: 4, endpoint: node.endpoint };
    const sent: number[] = [];
    await uploadCar({ replica, car: CAR, put: fetchPutCar, onSent: (bytes) => sent.push(bytes) });
    assert.deepEqual([node.asked, sent.at(-1)], [2, 3]);
    await using no = await answering(403);
    const refused = uploadCar({ replica: { nodeId: 5, endpoint: no.endpoint }, car: CAR, put: fetchPutCar });
    await assert.rejects(refused, { code: "UPLOAD_REFUSED", message: /S403/ });
    await no[Symbol.asyncDispose]();
    const away = uploadCar({
      replica: { nodeId: 5, endpoint: no.endpoint },
      car: CAR,
      put: fetchPutCar,
      patienceMs: 0,
    });
    await assert.rejects(away, { code: "NODE_UNREACHABLE", value: no.endpoint });
  });

  it("asks for the intent at each try, for it may have come to its end", async () => {
    await using node = await answering(503, 201);
    let signed = 0;
    const intent = async (): Promise<string> => {
      signed += 1;
      return "abc";
    };
    await uploadCar({ replica: { nodeId: 4, endpoint: node.endpoint }, car: CAR, put: putCar, intent });
    assert.equal(signed, 2);
  });
});

describe("an upload that is given up, as others have the content", () => {
  it("says what the node said last", async () => {
    await using node = await answering(503);
    const giveUp = new AbortController();
    const replica = { nodeId: 4, endpoint: node.endpoint };
    const upload = uploadCar({ replica, car: CAR, put: putCar, giveUp: giveUp.signal });
    upload.catch(() => undefined); // heard below
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (node.asked < 2) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    giveUp.abort();
    await assert.rejects(upload, { code: "UPLOAD_REFUSED", message: /503/ });
  });

  it("ends a try that hangs, and says that it has not taken it yet", async () => {
    const giveUp = new AbortController();
    const silent = createServer(() => giveUp.abort());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const upload = uploadCar({
      replica: { nodeId: 4, endpoint },
      car: CAR,
      put: putCar,
      giveUp: giveUp.signal,
    });
    await assert.rejects(upload, {
      code: "UPLOAD_TOO_SLOW",
      message: /Node 4 has not taken/,
      value: endpoint,
    });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  it("is no failure of who is told to stop", async () => {
    const stop = new AbortController();
    const silent = createServer(() => stop.abort(new Error("stopped")));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const replicas = [{ nodeId: 4, endpoint }];
    const upload = uploadToReplicas({ replicas, car: CAR, put: putCar, signal: stop.signal });
    await assert.rejects(upload, /stopped/);
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe("uploadToReplicas", () => {
  it("brings it to all, and tells of each how it went", async () => {
    await using good = await answering(201);
    await using bad = await answering(403);
    const replicas = [
      { nodeId: 1, endpoint: bad.endpoint },
      { nodeId: 2, endpoint: good.endpoint },
    ];
    const progress: [number, number][] = [];
    const outcomes = await uploadToReplicas({
      replicas,
      car: CAR,
      put: putCar,
      onProgress: (...at) => progress.push(at),
    });
    assert.deepEqual(
      outcomes.map(({ nodeId, ready, error }) => [nodeId, ready, error?.code]),
      [
        [1, false, "UPLOAD_REFUSED"],
        [2, true, undefined],
      ],
    );
    assert.ok(progress.every(([sent, all]) => sent <= all && all === 6));
  });

  it("UPLOAD_FAILED: with the reason of each where none takes it", async () => {
    await using bad = await answering(403);
    await using worse = await answering(500);
    const replicas = [
      { nodeId: 1, endpoint: bad.endpoint },
      { nodeId: 2, endpoint: worse.endpoint },
    ];
    await assert.rejects(uploadToReplicas({ replicas, car: CAR, put: putCar, patienceMs: 0 }), {
      code: "UPLOAD_FAILED",
      message: /S403.*S500/,
      value: "bafytest",
    });
    await assert.rejects(uploadToReplicas({ replicas: [], car: CAR, put: putCar }), {
      code: "UPLOAD_FAILED",
    });
  });
});
