import assert from "node:assert/strict";
import { readdir, readFile, readlink } from "node:fs/promises";
import { parseDeploymentCid, type SignedRequest, signRequest, verifyCar } from "@worker3/sdk";
import { sha256 } from "multiformats/hashes/sha2";
import { Agent, type Dispatcher, request } from "undici";
import { privateKeyToAccount } from "viem/accounts";
import { until } from "../testing/until.ts";
import { encodeRequestHeader, REQUEST_HEADER } from "./requestHeader.ts";
import {
  NETWORK,
  NODE_ID,
  NOW_SECONDS,
  startTestApi,
  type TestApi,
  testSite,
} from "./testing/startTestApi.ts";

const owner = privateKeyToAccount(`0x${"11".repeat(32)}`).address;
const CAR = "application/vnd.ipld.car; version=1; order=dfs; dups=n";

describe("the trustless gateway", () => {
  let api: TestApi;
  let cid = "";
  let car: Uint8Array;

  before(async () => {
    api = await startTestApi(owner);
    ({ cid, car } = await testSite("one"));
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield car;
    }
    await api.content.put(cid, bytes());
  });
  after(() => api[Symbol.asyncDispose]());

  it("gives a deployment's CAR, byte for byte, with what a cache needs to keep it", async () => {
    const { status, headers, bytes } = await api.ask(`/ipfs/${cid}?format=car`);
    assert.equal(status, 200);
    assert.deepEqual(bytes, car);
    assert.equal(headers["content-type"], CAR);
    assert.equal(headers["content-length"], String(car.length));
    assert.equal(headers["content-disposition"], `attachment; filename="${cid}.car"`);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers.etag, `"${cid}.car"`);
    assert.match(headers["cache-control"] ?? "", /immutable/);
    assert.equal(headers["access-control-allow-origin"], "*");
    assert.equal(headers["content-location"], undefined);
  });

  it("gives what Accept asks for, and says where that is", async () => {
    const { headers, bytes } = await api.ask(`/ipfs/${cid}`, { headers: { accept: CAR } });
    assert.deepEqual(bytes, car);
    assert.equal(headers["content-location"], `/ipfs/${cid}?format=car`);
    assert.match(headers.vary ?? "", /Accept/);
  });

  it("gives every block, as bytes of its hash", async () => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield car;
    }
    let blocks = 0;
    for await (const block of verifyCar(bytes(), parseDeploymentCid(cid).cid)) {
      const answer = await api.ask(`/ipfs/${block.cid}?format=raw`);
      assert.equal(answer.headers["content-type"], "application/vnd.ipld.raw");
      assert.deepEqual((await sha256.digest(answer.bytes)).bytes, block.cid.multihash.bytes);
      blocks += 1;
    }
    assert.ok(blocks >= 5);
  });

  it("HEAD gives the same headers and opens nothing for long", async () => {
    for (const format of ["car", "raw"]) {
      const [get, head] = await Promise.all([
        api.ask(`/ipfs/${cid}?format=${format}`),
        api.ask(`/ipfs/${cid}?format=${format}`, { method: "HEAD" }),
      ]);
      assert.deepEqual([head.status, head.bytes.length], [200, 0]);
      for (const name of ["content-length", "content-type", "etag"]) {
        assert.equal(head.headers[name], get.headers[name], name);
      }
    }
    await until("no CAR is open", async () => !(await hasOpenCar()));
  });

  it("answers 304 to who has it", async () => {
    const headers = { "if-none-match": `"x", W/"${cid}.car"` };
    const { status, bytes } = await api.ask(`/ipfs/${cid}?format=car`, { headers });
    assert.deepEqual([status, bytes.length], [304, 0]);
  });

  it("gives nothing that the node's operator denies", async () => {
    api.chain.denied.add(cid);
    try {
      for (const format of ["car", "raw"]) {
        const { status, code } = await api.ask(`/ipfs/${cid}?format=${format}`);
        assert.deepEqual([status, code], [451, "DENIED"]);
      }
    } finally {
      api.chain.denied.clear();
    }
  });

  describe("that strangers use", () => {
    const operator = privateKeyToAccount(`0x${"55".repeat(32)}`);
    let open: Dispatcher.ResponseData[];
    let dispatcher: Agent;
    beforeEach(() => {
      open = [];
      dispatcher = new Agent({ connect: { socketPath: api.socketPath } });
    });
    afterEach(async () => {
      for (const { body } of open) body.on("error", () => undefined).destroy();
      await dispatcher.destroy();
      await until("no CAR is open", async () => !(await hasOpenCar()));
    });

    /** Asks and takes nothing of the body. */
    async function hold(address: string, headers: Record<string, string> = {}) {
      const answer = await request(`http://node/ipfs/${cid}?format=car`, {
        dispatcher,
        headers: { "cf-connecting-ip": address, ...headers },
      });
      open.push(answer);
      return `${answer.statusCode} ${answer.headers["worker3-error"] ?? "-"}`;
    }
    async function signedBy(signer: typeof operator, changes: Partial<SignedRequest> = {}) {
      const usual = {
        method: "GET",
        path: `/ipfs/${cid}`,
        nodeId: NODE_ID,
        deadline: BigInt(NOW_SECONDS + 60),
      };
      const asked = { ...usual, ...changes };
      const signature = await signRequest({ network: NETWORK, signer, request: asked });
      return { [REQUEST_HEADER]: encodeRequestHeader(asked, signature) };
    }

    it("has places for one address and for all, and gives them back", async () => {
      for (let i = 0; i < 4; i++) assert.equal(await hold("192.0.2.1"), "200 -");
      assert.equal(await hold("192.0.2.1"), "429 TOO_MANY_DOWNLOADS");
      assert.equal(open.at(-1)?.headers["retry-after"], "5");
      assert.equal(await hold("2001:db8::1"), "200 -");
      assert.equal(await hold("2001:db8::2"), "200 -");
      assert.equal(await hold("192.0.2.3"), "503 NODE_BUSY");
      // What costs nothing goes on.
      const head = await api.ask(`/ipfs/${cid}?format=car`, { method: "HEAD" });
      assert.equal(head.status, 200);
      open[0]?.body.on("error", () => undefined).destroy();
      await until("a place", async () => (await hold("192.0.2.3")) === "200 -");
    });

    it("has other places for a project's other replicas, who sign; for nobody else", async () => {
      for (const address of ["192.0.2.1", "192.0.2.2"])
        for (let i = 0; i < 3; i++) assert.equal(await hold(address), "200 -");
      const ask = async (signer: typeof operator, changes?: Partial<SignedRequest>) =>
        hold("192.0.2.1", await signedBy(signer, changes));
      assert.equal(await ask(operator), "503 NODE_BUSY", "no replica's operator");
      api.chain.replicas.add(operator.address);
      assert.equal(await ask(operator, { nodeId: NODE_ID + 1 }), "503 NODE_BUSY", "for another node");
      assert.equal(await ask(operator, { path: "/ipfs/bafkqaaa" }), "503 NODE_BUSY", "for another path");
      assert.equal(await ask(operator, { deadline: BigInt(NOW_SECONDS - 1) }), "503 NODE_BUSY", "too late");
      assert.equal(await hold("192.0.2.1", { [REQUEST_HEADER]: "nonsense" }), "503 NODE_BUSY");
      const { bytes } = await api.ask(`/ipfs/${cid}?format=car`, {
        headers: { "cf-connecting-ip": "192.0.2.1", ...(await signedBy(operator)) },
      });
      assert.deepEqual(bytes, car);
      api.chain.replicas.clear();
    });

    it("reads no more of a CAR than somebody takes, but for what lies on the way", async () => {
      const large = await testSite("large", 8_000_000);
      async function* pieces() {
        yield large.car;
      }
      await api.content.put(large.cid, pieces());
      const ask = () =>
        request(`http://node/ipfs/${large.cid}?format=car`, {
          dispatcher,
          headers: { "cf-connecting-ip": "192.0.2.9" },
        });
      for (let i = 0; i < 3; i++) open.push(await ask());
      // One that is taken comes to its end beside them: they had their turns.
      await (await ask()).body.arrayBuffer();
      const read = await positions();
      assert.equal(read.length, 3);
      for (const bytes of read) assert.ok(bytes < 1_000_000, `${bytes} bytes were read that nobody took`);
    });
  });

  it("answers the probe with the empty identity CID", async () => {
    const { status, bytes } = await api.ask("/ipfs/bafkqaaa?format=raw");
    assert.deepEqual([status, bytes.length], [200, 0]);
  });

  const other = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
  const refused: [path: string, status: number, code: string][] = [
    [`${other}?format=car`, 404, "CONTENT_MISSING"],
    [`${other}?format=raw`, 404, "CONTENT_MISSING"],
    ["nonsense?format=car", 400, "BAD_REQUEST"],
    ["..%2f..%2fetc?format=car", 400, "BAD_REQUEST"],
    [`${other}`, 400, "FORMAT_MISSING"],
    [`${other}?format=tar`, 406, "NOT_ACCEPTABLE"],
    [`${other}?format=car&dag-scope=block`, 400, "BAD_REQUEST"],
    [`${other}/assets/index.html?format=car`, 400, "BAD_REQUEST"],
  ];
  for (const [path, status, code] of refused) {
    it(`/ipfs/${path} is ${status} ${code}`, async () => {
      const answer = await api.ask(`/ipfs/${path}`);
      assert.deepEqual([answer.status, answer.code], [status, code]);
    });
  }

  async function openCars(): Promise<string[]> {
    const all = await readdir("/proc/self/fd");
    const links = await Promise.all(all.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
    return all.filter((_, index) => links[index]?.endsWith("content.car"));
  }

  const hasOpenCar = async () => (await openCars()).length > 0;

  /** Up to where each open CAR was read, in bytes. */
  async function positions(): Promise<number[]> {
    return Promise.all(
      (await openCars()).map(async (fd) => {
        const text = await readFile(`/proc/self/fdinfo/${fd}`, "utf8");
        return Number(/^pos:\s*(\d+)/m.exec(text)?.[1]);
      }),
    );
  }
});
