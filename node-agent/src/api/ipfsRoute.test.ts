import assert from "node:assert/strict";
import { readdir, readlink } from "node:fs/promises";
import { parseDeploymentCid, verifyCar } from "@worker3/sdk";
import { sha256 } from "multiformats/hashes/sha2";
import { privateKeyToAccount } from "viem/accounts";
import { until } from "../testing/until.ts";
import { startTestApi, type TestApi, testSite } from "./testing/startTestApi.ts";

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

  async function hasOpenCar(): Promise<boolean> {
    const links = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    return links.some((link) => link.endsWith("content.car"));
  }
});
