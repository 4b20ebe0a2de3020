import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import {
  carOf,
  encodeIntentHeader,
  pack,
  parseDeploymentCid,
  signUploadIntent,
  type UploadIntent,
  Worker3Error,
} from "@worker3/sdk";
import { privateKeyToAccount } from "viem/accounts";
import { until } from "../testing/until.ts";
import type { ApiParts } from "./ApiParts.ts";
import {
  type Answer,
  NETWORK,
  NOW_SECONDS,
  startTestApi,
  type TestApi,
  testSite,
} from "./testing/startTestApi.ts";

const owner = privateKeyToAccount(`0x${"11".repeat(32)}`);
const delegate = privateKeyToAccount(`0x${"22".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"33".repeat(32)}`);

describe("an upload", () => {
  let api: TestApi;
  let cid = "";
  let car: Uint8Array<ArrayBuffer>;

  const start = async (changes: Partial<ApiParts> = {}): Promise<void> => {
    api = await startTestApi(owner.address, changes);
  };
  before(async () => {
    ({ cid, car } = await testSite("one"));
  });
  beforeEach(() => start());
  afterEach(() => api[Symbol.asyncDispose]());

  async function intentHeader(changes: Partial<UploadIntent> = {}, signer = owner): Promise<string> {
    const intent: UploadIntent = {
      projectId: 7n,
      owner: owner.address,
      digest: parseDeploymentCid(cid).digest,
      bytes: BigInt(car.length),
      deadline: BigInt(NOW_SECONDS + 60),
      ...changes,
    };
    return encodeIntentHeader({
      intent,
      signature: await signUploadIntent({ network: NETWORK, signer, intent }),
    });
  }

  function put(
    intent: string | undefined,
    options: { body?: Uint8Array | Readable; cid?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    return api.ask(`/.well-known/worker3/car/${options.cid ?? cid}`, {
      method: "PUT",
      body: options.body ?? car,
      headers: {
        "content-type": "application/vnd.ipld.car",
        ...(intent === undefined ? {} : { "worker3-intent": intent }),
        ...options.headers,
      },
    });
  }

  async function refused(answer: Promise<Answer>, status: number, code: string): Promise<Answer> {
    const { status: got, code: gotCode, headers } = await answer;
    assert.deepEqual([got, gotCode, headers["worker3-error"]], [status, code, code]);
    assert.equal(api.content.has(cid), false);
    return answer;
  }

  it("with the owner's or a delegate's intent is 201, and 200 where it is there", async () => {
    const answer = await put(await intentHeader());
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [201, { cid, ready: true }]);
    assert.equal(api.content.list()[0]?.projectId, 7n);
    api.chain.delegates.add(delegate.address);
    assert.equal((await put(await intentHeader({}, delegate))).status, 200);
  });

  it("of what is there already has it kept as if it came now", async () => {
    await put(await intentHeader());
    api.content.touch(cid, 1n);
    api.content.setUnwanted(cid, 5);
    const before = Date.now();
    assert.equal((await put(await intentHeader())).status, 200);
    const [row] = api.content.list();
    assert.deepEqual([row?.projectId, row?.unwantedMs], [7n, undefined]);
    assert.ok((row?.storedMs ?? 0) >= before);
  });

  describe("of what is here already", () => {
    let made: string[];
    let standing: { isReady: boolean; isAwaited: boolean };

    beforeEach(async () => {
      await api[Symbol.asyncDispose]();
      [made, standing] = [[], { isReady: false, isAwaited: true }];
      await start({
        isReady: () => standing.isReady,
        isAwaited: () => standing.isAwaited,
        afterUpload: async (of) => {
          made.push(of);
          return { ready: true };
        },
      });
      assert.equal((await put(await intentHeader())).status, 201);
      made = [];
      api.chain.named.set(cid, [7n]);
    });

    it("says so and makes nothing of it without an intent, whatever its body is, and asks nobody whether it is paid", async () => {
      for (standing of [
        { isReady: false, isAwaited: true },
        { isReady: true, isAwaited: false },
      ]) {
        api.chain.missingCredit = { available: 0n, budget: 1n, free: 0n, late: 3, thawing: 0n };
        for (const body of [new Uint8Array(), car]) {
          const { status, text } = await put(undefined, { body });
          assert.deepEqual([status, JSON.parse(text)], [200, { cid, ready: standing.isReady }]);
        }
      }
      assert.deepEqual(made, []);
    });

    it("makes it ready again for a valid intent alone, where it is wanted and is not", async () => {
      assert.equal((await put(await intentHeader({}, stranger))).code, "SIGNATURE_WRONG");
      for (const [isReady, isAwaited, expected] of [
        [true, true, []],
        [true, false, []],
        [false, false, []],
        [false, true, [cid]],
      ] as const) {
        [standing, made] = [{ isReady, isAwaited }, []];
        assert.equal((await put(await intentHeader(), { body: new Uint8Array() })).status, 200);
        assert.deepEqual(made, expected, JSON.stringify(standing));
      }
    });

    it("is 451 where the operator does not serve it", async () => {
      api.chain.denied.add(cid);
      assert.equal((await put(undefined)).code, "DENIED");
    });
  });

  it("of a version that nobody wants any more is taken, and nothing made of it, without an intent", async () => {
    await api[Symbol.asyncDispose]();
    const made: string[] = [];
    await start({
      isAwaited: () => false,
      afterUpload: async (of) => {
        made.push(of);
        return { ready: true };
      },
    });
    api.chain.named.set(cid, [7n]);
    const { status, text } = await put(undefined);
    assert.deepEqual([status, JSON.parse(text), made], [201, { cid, ready: false }, []]);
  });

  it("of what visitors wait for is made ready, without an intent", async () => {
    await api[Symbol.asyncDispose]();
    const made: string[] = [];
    await start({
      isReady: (of) => api.content.has(of),
      afterUpload: async (of) => {
        made.push(of);
        return { ready: true };
      },
    });
    api.chain.named.set(cid, [7n]);
    assert.equal((await put(undefined)).status, 201);
    assert.deepEqual(made, [cid]);
  });

  it("needs no intent where a version on chain names the CID", async () => {
    await refused(put(undefined), 401, "INTENT_MISSING");
    api.chain.named.set(cid, [7n]);
    assert.equal((await put(undefined)).status, 201);
  });

  it("may be chunked, but not longer than its intent says", async () => {
    const short = await intentHeader({ bytes: BigInt(car.length - 1) });
    await refused(put(short, { body: Readable.from([car]) }), 413, "CAR_LIMIT");
    await refused(put(short), 413, "UPLOAD_TOO_LARGE");
    assert.equal((await put(await intentHeader(), { body: Readable.from([car]) })).status, 201);
  });

  it("is refused for each reason by its own code", async () => {
    await refused(put("x"), 401, "INTENT_INVALID");
    await refused(put(await intentHeader({}, stranger)), 401, "SIGNATURE_WRONG");
    await refused(put(await intentHeader({}, delegate)), 401, "SIGNATURE_WRONG");
    await refused(put(await intentHeader({ owner: stranger.address })), 401, "OWNER_CHANGED");
    await refused(put(await intentHeader({ deadline: BigInt(NOW_SECONDS - 1) })), 401, "SIGNATURE_EXPIRED");
    await refused(
      put(await intentHeader({ deadline: BigInt(NOW_SECONDS + 901) })),
      401,
      "SIGNATURE_TOO_FAR_AHEAD",
    );
    await refused(put(await intentHeader({ digest: `0x${"ab".repeat(32)}` })), 400, "INTENT_OTHER_CID");
    await refused(put(await intentHeader({ projectId: 99n })), 404, "UNKNOWN_PROJECT");
    await refused(put(await intentHeader({ projectId: 8n })), 403, "NO_SEAT");
    await refused(put(await intentHeader(), { cid: "nonsense" }), 400, "CID_BAD");
    await refused(
      put(await intentHeader(), { headers: { "content-type": "text/html" } }),
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    );
    await refused(
      put(await intentHeader(), { headers: { "content-encoding": "gzip" } }),
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    );
    api.chain.named.set(cid, [8n]);
    await refused(put(undefined), 403, "NO_SEAT");
  });

  it("of what the node's operator denies is 451, with and without an intent, by content and by project", async () => {
    for (const denied of [cid, "7"]) {
      api.chain.denied.add(denied);
      await refused(put(await intentHeader()), 451, "DENIED");
      api.chain.named.set(cid, [7n]);
      await refused(put(undefined), 451, "DENIED");
      api.chain.named.clear();
      api.chain.denied.clear();
    }
    assert.equal((await put(await intentHeader())).status, 201);
  });

  it("for which there is no room is 507 before it is sent, and while it comes", async () => {
    api.chain.room = car.length - 1;
    await refused(put(await intentHeader()), 507, "NO_ROOM");
    await refused(put(await intentHeader(), { body: Readable.from([car]) }), 413, "CAR_LIMIT");
    api.chain.room = car.length;
    assert.equal((await put(await intentHeader())).status, 201);
    api.chain.room = 0;
    assert.equal((await put(await intentHeader())).status, 200, "what is here takes no more");
  });

  it("of a project whose credit does not pay is 402 and says how much is missing", async () => {
    api.chain.missingCredit = {
      available: 1_000_000n,
      budget: 3_000_000n,
      free: 10_000_000n,
      late: 3,
      thawing: 0n,
    };
    const { text } = await refused(put(await intentHeader()), 402, "NO_CREDIT");
    assert.match(text, /worker3 credit deposit 7 2, then deploy again/);
    api.chain.named.set(cid, [7n]);
    await refused(put(undefined), 402, "NO_CREDIT");
  });

  it("that is no good CAR or no deployment is 422 and leaves nothing", async () => {
    const wrong = car.with(car.length - 5, (car.at(-5) ?? 0) ^ 1);
    await refused(put(await intentHeader(), { body: wrong }), 422, "CAR_WRONG_HASH");
    await refused(put(await intentHeader(), { body: car.subarray(0, -1) }), 422, "CAR_TRUNCATED");
    const folder = [{ path: "a", content: new TextEncoder().encode("a") }];
    const other = (await pack(folder)).cid;
    const intent = await intentHeader({ digest: parseDeploymentCid(other).digest });
    await refused(put(intent, { cid: other, body: await carOf(folder) }), 422, "DEPLOYMENT_INVALID");
    assert.deepEqual(await readdir(join(dirname(api.socketPath), "content")), ["scratch"]);
    assert.deepEqual(await readdir(join(dirname(api.socketPath), "content/scratch")), []);
  });

  it("that cannot run here is 422 with the reason", async () => {
    await api[Symbol.asyncDispose]();
    await start({
      afterUpload: async () => {
        throw new Worker3Error({
          code: "UNSUPPORTED_BINDING",
          message: "no",
          value: "KV",
          next: "take it out",
        });
      },
    });
    const { status, text } = await put(await intentHeader());
    assert.equal(status, 422);
    assert.deepEqual(JSON.parse(text), {
      error: { code: "UNSUPPORTED_BINDING", message: "no", value: "KV", next: "take it out" },
    });
    assert.equal(api.content.has(cid), false, "it would take one of the project's three places");
    api.chain.named.set(cid, [7n]);
    assert.equal((await put(undefined)).code, "UNSUPPORTED_BINDING");
    assert.equal(api.content.has(cid), true, "what the chain names may be asked for by others");
  });

  it("is one of three that no version names; more are refused until one is named", async () => {
    const sites = await Promise.all(["a", "b", "c", "d"].map((text) => testSite(text)));
    const send = async (site: { cid: string; car: Uint8Array } | undefined): Promise<Answer> => {
      assert.ok(site !== undefined);
      const { digest } = parseDeploymentCid(site.cid);
      const intent = await intentHeader({ digest, bytes: BigInt(site.car.length) });
      return put(intent, { cid: site.cid, body: site.car });
    };
    // All at once: those on their way count too.
    const answers = await Promise.all(sites.map(send));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 409]);
    const left = sites.find(({ cid }) => !api.content.has(cid));
    const stored = sites.find(({ cid }) => api.content.has(cid));
    assert.equal((await send(left)).code, "TOO_MANY_UPLOADS");
    assert.equal((await send(stored)).status, 200);
    api.chain.named.set(stored?.cid ?? "", [7n]);
    assert.equal((await send(left)).status, 201);
  });

  it("by strangers, slowly, does not keep the owner out", async () => {
    api.chain.named.set(cid, [7n]);
    const slow = Array.from({ length: 4 }, () => new Readable({ read: () => undefined }));
    const hanging = slow.map((body) => {
      body.push(car.subarray(0, 1_000));
      return put(undefined, { body });
    });
    await until("four uploads", async () => (await scratchFiles()).length === 4);
    await refused(put(undefined), 409, "UPLOAD_IN_PROGRESS");
    assert.equal((await put(await intentHeader())).status, 201);
    // The content is there, so those who still send are done too.
    for (const answer of await Promise.all(hanging)) assert.equal(answer.status, 201);
    assert.deepEqual(await scratchFiles(), []);
  });

  it("that is cut off leaves nothing, and may begin again", async () => {
    const sent = requestHttp({
      socketPath: api.socketPath,
      method: "PUT",
      path: `/.well-known/worker3/car/${cid}`,
      headers: { "worker3-intent": await intentHeader(), "content-length": car.length },
    });
    sent.on("error", () => undefined);
    sent.write(car.subarray(0, 100_000));
    await until("an upload", async () => (await scratchFiles()).length === 1);
    await refused(put(await intentHeader()), 409, "UPLOAD_IN_PROGRESS");
    sent.destroy();
    await until("its end", async () => (await scratchFiles()).length === 0);
    assert.equal((await put(await intentHeader())).status, 201);
    assert.deepEqual(
      api.log.filter(({ msg }) => msg === "a request failed unexpectedly"),
      [],
    );
  });

  it("whose client goes after the last byte is kept", async () => {
    let isPreparing = (): void => undefined;
    const preparing = new Promise<void>((resolve) => {
      isPreparing = resolve;
    });
    await api[Symbol.asyncDispose]();
    await start({
      afterUpload: async () => {
        isPreparing();
        return { ready: true };
      },
    });
    const sent = requestHttp({
      socketPath: api.socketPath,
      method: "PUT",
      path: `/.well-known/worker3/car/${cid}`,
      headers: { "worker3-intent": await intentHeader(), "content-length": car.length },
    });
    sent.on("error", () => undefined);
    sent.end(car);
    // The files are written out once the whole CAR was verified.
    await until(
      "the last step",
      async () => api.content.has(cid) || (await scratchFiles("folder")).length > 0,
    );
    sent.destroy();
    await preparing;
    assert.equal(api.content.has(cid), true);
  });

  it("that is refused at once is answered while the client still sends", async () => {
    const sent = requestHttp({
      socketPath: api.socketPath,
      method: "PUT",
      path: `/.well-known/worker3/car/${cid}`,
      headers: { "content-length": 9_000_000 },
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      sent.on("response", resolve).on("error", reject),
    );
    for (let index = 0; index < 100; index += 1) sent.write(new Uint8Array(65_536));
    const response = await answered;
    assert.equal(response.statusCode, 401);
    const parts: Uint8Array[] = [];
    for await (const part of response) parts.push(part as Uint8Array);
    assert.match(Buffer.concat(parts).toString(), /INTENT_MISSING/);
    sent.on("error", () => undefined).destroy();
  });

  it("with one wrong byte in the middle is answered while the client still sends", async () => {
    const wrong = car.with(400_000, (car[400_000] ?? 0) ^ 1);
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield wrong;
      for (let index = 0; index < 50; index += 1) yield new Uint8Array(65_536);
    }
    const intent = await intentHeader({ bytes: 9_000_000n });
    await refused(put(intent, { body: Readable.from(endless()) }), 422, "CAR_WRONG_HASH");
  });

  /** What is on its way into the store: a directory each, or what has this name in one of them. */
  async function scratchFiles(name?: string): Promise<string[]> {
    const scratch = join(dirname(api.socketPath), "content/scratch");
    // A directory that goes while it is read is looked for again.
    const found = await readdir(scratch, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return scratchFiles();
    });
    return found.filter((path) => (name === undefined ? !path.includes("/") : path.endsWith(`/${name}`)));
  }
});
