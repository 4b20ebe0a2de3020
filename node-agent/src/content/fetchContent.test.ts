import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carOf, type FolderEntry, pack, signEndpointProof } from "@worker3/sdk";
import { openKubo } from "@worker3/sdk/node";
import { type PlayedKubo, playKubo } from "@worker3/sdk/testing";
import type { Hash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { NETWORK } from "../api/testing/startTestApi.ts";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import { createLogger } from "../logging/createLogger.ts";
import type { Peer } from "../peers/createEndpointBelief.ts";
import { ContentError } from "./ContentError.ts";
import type { ContentStore } from "./ContentStore.ts";
import { createSources, type Sources } from "./createSources.ts";
import { ContentUnavailableError, type FetchContentOptions, fetchContent } from "./fetchContent.ts";
import { openContentStore } from "./openContentStore.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const site: FolderEntry[] = [
  { path: ".worker3/manifest.json", content: utf8('{"assets":{},"manifest":2}') },
  { path: "large", content: new Uint8Array(3_000_000).map((_, index) => index % 253) },
];
/** So long that no test sees the end of it. */
const LONG_MS = 600_000;
const logger = createLogger({ level: "silent" });
const operator = privateKeyToAccount(`0x${"11".repeat(32)}`);
const peerAt = (endpoint: string): Peer => ({ nodeId: 5, operator: operator.address, endpoint });

describe("fetchContent", () => {
  let home = "";
  let ledger: Ledger;
  let store: ContentStore;
  let sources: Sources;
  let cid = "";
  let car: Uint8Array;
  const servers: Server[] = [];

  before(async () => {
    cid = (await pack(site)).cid;
    car = await carOf(site);
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-test-"));
    ledger = openLedger(":memory:");
    store = await openContentStore({ directory: join(home, "content"), ledger, limits: {}, logger });
    sources = createSources({ network: NETWORK, allowPrivateAddresses: true, idleTimeoutMs: LONG_MS });
  });
  afterEach(async () => {
    await sources[Symbol.asyncDispose]();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    ledger.close();
    await rm(home, { recursive: true });
  });

  type Answer = (request: IncomingMessage, response: ServerResponse) => void;

  /** A gateway that answers so; its base URL. */
  async function gateway(answer: Answer): Promise<string> {
    const server = createServer(answer).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((resolve) => server.once("listening", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const sends =
    (bytes: Uint8Array, type = "application/vnd.ipld.car; version=1"): Answer =>
    (_, response) => {
      response.writeHead(200, { "content-type": type }).end(bytes);
    };
  const good = (): Promise<string> => gateway(sends(car));

  const fetchFrom = (
    gateways: string[],
    options: Partial<Pick<FetchContentOptions, "signal" | "sourceTimeoutMs" | "room">> = {},
  ) => fetchContent({ store, cid, sources: sources.of([], gateways), logger, ...options });

  async function unavailable(gateways: string[]): Promise<ContentUnavailableError> {
    try {
      await fetchFrom(gateways);
    } catch (error) {
      assert.ok(error instanceof ContentUnavailableError, String(error));
      assert.deepEqual([error.code, error.value], ["CONTENT_UNAVAILABLE", cid]);
      assert.deepEqual(
        error.failed.map(({ source }) => source),
        gateways,
      );
      return error;
    }
    return assert.fail("there was content");
  }

  it("asks a trustless gateway for the CAR, depth first and each block once", async () => {
    const asked: unknown[] = [];
    const base = await gateway((request, response) => {
      asked.push([request.url, request.headers.accept]);
      sends(car)(request, response);
    });
    const stored = await fetchFrom([`${base}/`]);
    assert.deepEqual(asked, [
      [`/ipfs/${cid}?format=car`, "application/vnd.ipld.car; version=1; order=dfs; dups=n"],
    ]);
    assert.equal(stored.carBytes, car.length);
    assert.equal(store.list()[0]?.projectId, undefined);
  });

  describe("from an IPFS daemon", () => {
    let kubo: PlayedKubo;
    let withKubo: Sources;
    const fetchWith = async (
      gateways: string[],
      options: Partial<Pick<FetchContentOptions, "signal" | "room">> = {},
      idleMs = LONG_MS,
    ) => {
      withKubo = createSources({
        network: NETWORK,
        allowPrivateAddresses: true,
        idleTimeoutMs: LONG_MS,
        kubo: await openKubo({ url: kubo.url, idleMs }),
      });
      return fetchContent({ store, cid, sources: withKubo.of([], gateways), logger, ...options });
    };

    beforeEach(async () => {
      kubo = await playKubo();
    });
    afterEach(async () => {
      await withKubo[Symbol.asyncDispose]();
      await kubo[Symbol.asyncDispose]();
    });

    it("takes what nobody else has, and asks it last", async () => {
      kubo.cars.set(cid, car);
      const broken = await gateway((_, response) => void response.writeHead(404).end());
      const stored = await fetchWith([broken]);
      assert.equal(stored.carBytes, car.length);
      await store.remove(cid);
      kubo.calls.length = 0;
      await fetchWith([await good()]);
      assert.deepEqual(kubo.calls, [], "who has it was asked before");
    });

    it("trusts it no more than others: a wrong byte, half a CAR, one that is too large, none", async () => {
      const wrong = car.with(2_000_000, 1 ^ (car[2_000_000] ?? 0));
      for (const [code, sent, room] of [
        ["CAR_WRONG_HASH", wrong, car.length],
        ["CAR_TRUNCATED", car.subarray(0, 2_000_000), car.length],
        ["CAR_LIMIT", car, car.length - 1],
        ["SOURCE_REFUSED", undefined, car.length],
      ] as const) {
        if (sent === undefined) kubo.cars.delete(cid);
        else kubo.cars.set(cid, sent);
        await assert.rejects(fetchWith([], { room: () => room }), (error) => {
          assert.ok(error instanceof ContentUnavailableError, String(error));
          assert.deepEqual(
            error.failed.map(({ source, code }) => [source, code]),
            [[kubo.url, code]],
          );
          return true;
        });
        assert.deepEqual(store.list(), []);
      }
    });

    it("leaves it when it looks without an end for what nobody has, and when the fetch is given up", async () => {
      kubo.troubles.set("dag/export", "hang");
      await assert.rejects(
        fetchWith([], {}, 100),
        (error) => error instanceof ContentUnavailableError && error.failed[0]?.code === "SOURCE_TIMEOUT",
      );
      const ending = new AbortController();
      const fetching = fetchWith([], { signal: ending.signal });
      kubo.calls.length = 0;
      const timer = setInterval(() => kubo.calls.length > 0 && ending.abort(), 5);
      await assert.rejects(fetching, { name: "AbortError" });
      clearInterval(timer);
    });
  });

  it("asks nobody for what lies on its own disk, though the ledger does not know it", async () => {
    const { carPath } = await fetchFrom([await good()]);
    ledger.close();
    ledger = openLedger(":memory:");
    store = await openContentStore({ directory: join(home, "content"), ledger, limits: {}, logger });
    assert.equal((await fetchFrom([])).cid, cid);
    await store.distrust(cid);
    await rm(carPath);
    await writeFile(carPath, car.with(2_000_000, 1 ^ (car[2_000_000] ?? 0)));
    assert.equal((await fetchFrom([await good()])).cid, cid, "what is damaged there comes from others");
  });

  it("asks nobody where there is no room, and takes no more than there is from anybody", async () => {
    const base = await good();
    const full = () => {
      throw new ContentError({ code: "NO_ROOM", message: "no room" });
    };
    await assert.rejects(fetchFrom([base], { room: full }), ContentError);
    const small = fetchFrom([base], { room: () => car.length - 1 });
    await assert.rejects(
      small,
      (error) => error instanceof ContentUnavailableError && /CAR/.test(error.message),
    );
    assert.equal((await fetchFrom([base], { room: () => car.length })).cid, cid);
    assert.equal((await fetchFrom([], { room: full })).cid, cid, "what is there takes no room");
  });

  it("asks nobody for what is there", async () => {
    await fetchFrom([await good()]);
    assert.equal((await fetchFrom([])).cid, cid);
  });

  it("drops a source that fails or sends one wrong byte, and asks the next", async () => {
    const wrong = car.with(car.length - 5, (car.at(-5) ?? 0) ^ 1);
    const bad: [what: RegExp, answer: Answer][] = [
      [/status 404/, (_, response) => void response.writeHead(404).end()],
      [
        /redirect \(302\)/,
        async (_, response) => void response.writeHead(302, { location: await good() }).end(),
      ],
      [/text\/html/, sends(utf8("<p>portal"), "text/html")],
      [/not those of/, sends(wrong)],
      [/ends after/, sends(car.subarray(0, car.length >> 1))],
      [/goes on after/, sends(Buffer.concat([car, Uint8Array.of(1)]))],
      [/connection failed/, (_, response) => void response.socket?.destroy()],
      [
        /connection failed/,
        (_, response) => {
          response.writeHead(200, {
            "content-type": "application/vnd.ipld.car",
            "content-length": car.length,
          });
          response.write(car.subarray(0, 1_000_000), () => response.socket?.destroy());
        },
      ],
    ];
    const bases = await Promise.all(bad.map(([, answer]) => gateway(answer)));
    const { failed, message } = await unavailable(bases);
    for (const [index, [what]] of bad.entries()) {
      assert.match(failed[index]?.reason ?? "", what, String(index));
      assert.ok(message.includes(bases[index] ?? "?"));
    }
    assert.deepEqual(await readdir(join(home, "content/scratch")), []);
    assert.equal((await fetchFrom([...bases, await good()])).cid, cid);
  });

  it("gives up a source of which nothing comes, or nothing more", async () => {
    await sources[Symbol.asyncDispose]();
    sources = createSources({ network: NETWORK, allowPrivateAddresses: true, idleTimeoutMs: 400 });
    const silent = await gateway(() => undefined);
    const stuck = await gateway((_, response) => {
      response.writeHead(200, { "content-type": "application/vnd.ipld.car" });
      response.write(car.subarray(0, 1_000_000));
    });
    const { failed } = await unavailable([silent, stuck]);
    for (const { reason } of failed) assert.match(reason, /nothing came/);
  });

  it("a source that drips is given up, and the next is asked", async () => {
    const timers: NodeJS.Timeout[] = [];
    const dripping = await gateway((_, response) => {
      response.writeHead(200, { "content-type": "application/vnd.ipld.car" });
      let sent = 0;
      timers.push(setInterval(() => response.write(car.subarray(sent, ++sent)), 20));
    });
    const stored = await fetchFrom([dripping, await good()], { sourceTimeoutMs: 2_000 });
    for (const timer of timers) clearInterval(timer);
    assert.equal(stored.cid, cid);
  });

  it("a folder that no node takes is not asked for again elsewhere", async () => {
    const folder = [{ path: "a", content: utf8("a") }];
    cid = (await pack(folder)).cid;
    let asked = 0;
    const bytes = await carOf(folder);
    const counting: Answer = (request, response) => {
      asked += 1;
      sends(bytes)(request, response);
    };
    const work = fetchFrom([await gateway(counting), await gateway(counting)]);
    await assert.rejects(
      work,
      (error) => error instanceof Error && /\.worker3\/manifest\.json is missing/.test(error.message),
    );
    assert.equal(asked, 1);
    cid = (await pack(site)).cid;
  });

  it("no source at all is an error of its own", async () => {
    assert.match((await unavailable([])).message, /none to ask/);
  });

  it("a signal ends it with its reason", async () => {
    const controller = new AbortController();
    const base = await gateway(() => controller.abort(new Error("stopping")));
    await assert.rejects(fetchFrom([base, await good()], { signal: controller.signal }), /stopping/);
  });

  it("a peer is asked for content after it answered a nonce for its operator, and no other machine is", async () => {
    const asked: string[] = [];
    const peer = await gateway((request, response) => {
      asked.push(request.url?.split("?")[0] ?? "");
      if (request.url?.startsWith("/ipfs/")) return sends(car)(request, response);
      const nonce = new URL(request.url ?? "", peer).searchParams.get("nonce") as Hash;
      void signEndpointProof({
        network: NETWORK,
        signer: operator,
        proof: { nodeId: 5, endpoint: peer, nonce },
      }).then((signature) => response.end(JSON.stringify({ proof: { endpoint: peer, signature } })));
    });
    const somebody = await gateway((request, response) => {
      asked.push(`somebody's ${request.url?.split("?")[0]}`);
      sends(car)(request, response);
    });
    const peers = [peerAt(somebody), peerAt(peer)];
    await fetchContent({ store, cid, sources: sources.of(peers, []), logger });
    assert.deepEqual(asked, [
      "somebody's /.well-known/worker3/node",
      "/.well-known/worker3/node",
      `/ipfs/${cid}`,
    ]);
  });

  it("a peer is told who asks it, in a way that is good for it and this path alone; a gateway is told nothing", async () => {
    await sources[Symbol.asyncDispose]();
    const headersFor = async (nodeId: number, path: string) => ({
      "worker3-request": `node ${nodeId} ${path}`,
    });
    sources = createSources({
      network: NETWORK,
      allowPrivateAddresses: true,
      idleTimeoutMs: LONG_MS,
      headersFor,
    });
    const told: unknown[] = [];
    const noting =
      (status: number): Answer =>
      (request, response) => {
        told.push(request.headers["worker3-request"]);
        if (status !== 200) response.writeHead(status).end();
        else sends(car)(request, response);
      };
    const peer = await gateway((request, response) => {
      if (request.url?.startsWith("/ipfs/")) return noting(503)(request, response);
      const nonce = new URL(request.url ?? "", peer).searchParams.get("nonce") as Hash;
      void signEndpointProof({
        network: NETWORK,
        signer: operator,
        proof: { nodeId: 5, endpoint: peer, nonce },
      }).then((signature) => response.end(JSON.stringify({ proof: { endpoint: peer, signature } })));
    });
    const of = sources.of([peerAt(peer)], [await gateway(noting(200))]);
    await fetchContent({ store, cid, sources: of, logger });
    assert.deepEqual(told, [`node 5 /ipfs/${cid}`, undefined]);
  });

  it("a peer's private address is refused, a configured gateway's is not", async () => {
    await sources[Symbol.asyncDispose]();
    sources = createSources({ network: NETWORK, allowPrivateAddresses: false, idleTimeoutMs: LONG_MS });
    const base = await good();
    const work = fetchContent({ store, cid, sources: sources.of([peerAt(base)], []), logger });
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof ContentUnavailableError);
      assert.match(error.message, /not on the public internet/);
      return true;
    });
    assert.equal(
      (await fetchContent({ store, cid, sources: sources.of([peerAt(base)], [base]), logger })).cid,
      cid,
    );
  });
});
