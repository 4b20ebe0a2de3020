import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { escrow, lens, nodes, projects } from "@worker3/sdk";
import { playKubo } from "@worker3/sdk/testing";
import type { Address } from "viem";
import { commandOn } from "../testing/commandOn.ts";
import { fundGas } from "../testing/fundGas.ts";
import { CAPABILITIES, playUploads, type UploadDouble } from "../testing/playUploads.ts";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

/** A real chain; the nodes are doubles that check intents and CARs. */
describe("deploy and push, on a chain", function () {
  this.timeout(120_000);
  let doubles: readonly [UploadDouble, UploadDouble];
  let chain: TestChain;
  let site: ProjectFolder;
  const shop = "shop.worker3.localhost";

  before(async () => {
    doubles = [await playUploads(), await playUploads()];
    chain = await startTestChain(doubles.map(({ endpoint }) => endpoint));
    for (const double of doubles) double.client = chain.admin;
    site = await folderWith({ "index.html": "<h1>one</h1>", "large.bin": Buffer.alloc(3_000_000, 7) });
  });
  after(async () => {
    await site[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
    for (const double of doubles) await double[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    for (const double of doubles) {
      double.uploads.length = 0;
      double.asked.length = 0;
      Object.assign(double, { busy: 0, refusal: undefined, serves: true, capabilities: CAPABILITIES });
    }
  });

  const owner = (): Address => chain.ownerKey.account.address;
  const nonce = (): Promise<number> => chain.owner.publicClient.getTransactionCount({ address: owner() });
  const deploy = (...args: string[]): string[] => ["deploy", site.path, "--domain", shop, ...args, "--yes"];

  it("spends nothing where it can see beforehand that it would not work", async () => {
    const { worker3 } = chain;
    const before = await nonce();
    const poor = await worker3.error(1, ...deploy("--deposit", "0"));
    assert.equal(poor.code, "NO_CREDIT");
    assert.match(poor.next ?? "", /--deposit 10\b/, "default cap x the two nodes there are, for five epochs");
    const cases: [code: string, exit: 1 | 2, ...args: string[]][] = [
      ["NO_CREDIT", 1, "--deposit", "1.999999"],
      ["INSUFFICIENT_BALANCE", 1, "--deposit", "99000000"],
      ["UNKNOWN_NODE", 1, "--deposit", "9", "--nodes", "77"],
      ["CAP_OUT_OF_BOUNDS", 1, "--deposit", "99", "--cap", "90"],
      ["NO_NODES", 1, "--deposit", "9", "--regions", "afr"],
      ["USAGE", 2, "--deposit", "9", "--nodes", "1", "--replicas", "2"],
      ["USAGE", 2, "--deposit", "nine"],
      ["NAME_IS_RESERVED", 1, "--domain", "nodes.worker3.localhost"],
      ["NOT_ONE_LABEL_BELOW_ZONE", 1, "--domain", "a.b.worker3.localhost"],
      ["UNKNOWN_ENVIRONMENT", 1, "--env", "staging"],
    ];
    for (const [code, exit, ...args] of cases) {
      const error = await worker3.error(exit, ...deploy(...args));
      assert.equal(error.code, code, args.join(" "));
    }
    assert.equal((await worker3.error(2, "deploy", site.path, "--yes")).code, "USAGE");
    const unasked = await worker3.error(2, "deploy", site.path, "--domain", shop, "--deposit", "9");
    assert.equal(unasked.code, "CONFIRMATION_NEEDED");
    assert.equal(await nonce(), before, "nothing was sent");
    assert.equal(Number(await projects.projectCount(chain.owner)), 0);
  });

  it("spends nothing on a worker that does not start: it is started here first, unless told not to", async () => {
    const broken = "throw new Error('no key');\nexport default {};\n";
    const manifest = { manifest: 2, main: "index.js", modules: { "index.js": "esm" } };
    await using folder = await folderWith({
      ".worker3/manifest.json": JSON.stringify({ ...manifest, compatibilityDate: "2026-11-01" }),
      ".worker3/worker/index.js": broken,
    });
    const line = ["deploy", folder.path, "--domain", "broken.worker3.localhost", "--deposit", "20", "--yes"];
    const before = await nonce();
    const error = await chain.worker3.error(1, ...line);
    assert.deepEqual(error, {
      code: "WORKER_FAILS_AT_START",
      message:
        "The worker does not start, and would not on any node: Uncaught Error: no key (at index.js:1:7 of the bundle: throw new Error('no key');)",
      value: "service worker: Uncaught Error: no key\n  at index.js:1:7",
      next: "correct the worker; to deploy it all the same: --no-trial",
    });
    assert.equal(await nonce(), before, "nothing was sent");
    // The next refusal shows that the start was not tried.
    const untried = await chain.worker3.error(1, ...line, "--deposit", "0.1", "--no-trial");
    assert.equal(untried.code, "NO_CREDIT");
  });

  it("NO_GAS: an account without the chain's coin is told before anything is sent", async () => {
    const { key } = testKey();
    await using broke = await commandOn(chain.net.network, key);
    const error = await broke.error(1, ...deploy("--deposit", "9"));
    assert.equal(error.code, "NO_GAS");
    assert.equal(error.txHash, undefined);
  });

  it("makes a project with its terms, pays, brings the content and tells where it is", async () => {
    const { worker3 } = chain;
    const terms = ["--nodes", "2,1", "--cap", "0.5", "--deposit", "20"];
    const done = await worker3.json(...deploy(...terms, "--message", "first try"));
    assert.equal(done.projectId, "1");
    assert.equal(done.version, 1);
    assert.equal(done.domain, shop);
    assert.equal(done.message, "first try");
    assert.equal(done.created, true);
    assert.match(done.cid, /^bafybei[a-z2-7]{52}$/);
    assert.deepEqual(
      done.replicas.map(({ nodeId, ready }: { nodeId: number; ready: boolean }) => [nodeId, ready]),
      [
        [2, true],
        [1, true],
      ],
    );
    const [first, second] = doubles;
    assert.deepEqual(
      new Set(done.urls),
      new Set([first, second].map(({ endpoint }) => endpoint.replace("127.0.0.1", shop))),
    );
    for (const name of ["bundleMs", "packMs", "uploadMs", "txMs", "liveMs"]) {
      assert.equal(typeof done.timings[name], "number", name);
    }
    for (const { uploads, held } of doubles) {
      assert.deepEqual(uploads, [{ cid: done.cid, bytes: done.bytes, signer: owner(), versions: 1 }]);
      assert.equal(held.get(done.cid)?.length, done.bytes);
    }
    const project = await lens.projectOf(chain.owner, { projectId: 1n });
    assert.deepEqual([project.nodeIds.filter(Boolean), project.cap, project.active], [[2, 1], 500_000n, 1]);
    assert.equal((await escrow.accountOf(chain.owner, { projectId: 1n })).balance, 20_000_000n);
    const receipt = await chain.owner.publicClient.getTransactionReceipt({ hash: done.txHash });
    assert.equal(receipt.status, "success");
  });

  it("makes no version of content that is active already, and does what is missing", async () => {
    const before = await nonce();
    const again = await chain.worker3.json(...deploy());
    assert.deepEqual([again.version, again.unchanged, again.txHash], [1, true, undefined]);
    assert.equal(await nonce(), before);
    for (const { uploads } of doubles) assert.deepEqual(uploads, [], "they have it");

    const told = await chain.worker3.run(...deploy());
    assert.match(told.stdout, /^Version 1 of project 1 is live: http:\/\/shop\.worker3\.localhost:\d+/);
    assert.match(told.stderr, /has this content already/);

    doubles[0].held.clear();
    const repaired = await chain.worker3.json(...deploy());
    assert.equal(repaired.unchanged, true);
    assert.deepEqual([doubles[0].uploads.length, doubles[1].uploads.length], [1, 0]);
  });

  it("brings a later version's content before it points at it", async () => {
    await writeFile(join(site.path, "index.html"), "<h1>two</h1>");
    const done = await chain.worker3.json(...deploy("--cap", "1"));
    assert.equal(done.version, 2);
    for (const { uploads } of doubles) {
      assert.deepEqual(uploads, [{ cid: done.cid, bytes: done.bytes, signer: owner(), versions: 1 }]);
    }
    for (const { liveMs } of done.replicas) assert.ok(liveMs >= 0 && liveMs < 30_000);
    assert.match(done.notices.join(), /--cap is for a new project/);
    assert.equal(done.depositTxHash, undefined);
    const tenants = doubles
      .flatMap(({ asked }) => asked)
      .filter((line) => !line.includes("/.well-known/worker3/"));
    assert.deepEqual(tenants, [], "no visitor's request was made");
  });

  it("tries again where a node is busy, and goes on where one is away", async () => {
    await writeFile(join(site.path, "index.html"), "<h1>three</h1>");
    doubles[0].busy = 3;
    doubles[1].refusal = "DENIED";
    const done = await chain.worker3.json(...deploy());
    assert.equal(done.version, 3);
    const [second, first] = done.replicas;
    assert.deepEqual([first.nodeId, first.ready], [1, true]);
    assert.deepEqual([second.nodeId, second.ready, second.liveMs], [2, false, undefined]);
    assert.match(second.error, /Node 2 .*DENIED: The test says no/);
    assert.equal(doubles[0].asked.filter((line) => line.startsWith("PUT")).length, 4);
  });

  it("UPLOAD_FAILED: changes nothing on chain where no node takes the content", async () => {
    await writeFile(join(site.path, "index.html"), "<h1>four</h1>");
    for (const double of doubles) double.refusal = "DENIED";
    const before = await nonce();
    const error = await chain.worker3.error(1, ...deploy());
    assert.equal(error.code, "UPLOAD_FAILED");
    assert.match(error.message, /DENIED/);
    assert.equal(error.txHash, undefined);
    assert.equal(await nonce(), before);
    assert.equal((await lens.projectOf(chain.owner, { projectId: 1n })).versions, 3);
  });

  it("NOT_LIVE: tells the transaction and how to go on where nobody serves it in time", async () => {
    for (const double of doubles) double.serves = false;
    const error = await chain.worker3.error(1, ...deploy("--wait-timeout", "1"));
    assert.equal(error.code, "NOT_LIVE");
    assert.match(error.txHash ?? "", /^0x[0-9a-f]{64}$/);
    assert.match(error.next ?? "", /^worker3 push .* 1$/);
  });

  it("--no-wait returns when the transaction is mined", async () => {
    await writeFile(join(site.path, "index.html"), "<h1>five</h1>");
    for (const double of doubles) double.serves = false;
    const done = await chain.worker3.json(...deploy("--no-wait"));
    assert.deepEqual(
      done.replicas.map(({ ready, liveMs }: { ready: boolean; liveMs?: number }) => [ready, liveMs]),
      [
        [true, undefined],
        [true, undefined],
      ],
    );
    assert.equal((await lens.projectOf(chain.owner, { projectId: 1n })).active, done.version);
  });

  it("a delegate deploys, a stranger does not", async () => {
    const { key, account } = testKey();
    await fundGas(chain.net.network, account.address);
    await using other = await commandOn(chain.net.network, key);
    await writeFile(join(site.path, "index.html"), "<h1>six</h1>");
    const refused = await other.error(1, ...deploy("--deposit", "9"));
    assert.equal(refused.code, "NAME_TAKEN");
    await projects.setDelegate(chain.owner, { projectId: 1n, who: account.address, rights: "deploy" });
    const done = await other.json(...deploy());
    assert.equal(done.projectId, "1");
    assert.equal(doubles[0].uploads[0]?.signer, account.address);
  });

  it("draws nodes where none are named, and goes on by push where the upload failed after the transaction", async () => {
    const { worker3 } = chain;
    const domain = "drawn.worker3.localhost";
    const folder = await folderWith({ "index.html": "drawn" });
    for (const double of doubles) double.refusal = "DENIED";
    const args = [
      "deploy",
      folder.path,
      "--domain",
      domain,
      "--deposit",
      "6",
      "--upload-timeout",
      "1",
      "--yes",
    ];
    const error = await worker3.error(1, ...args);
    assert.equal(error.code, "UPLOAD_FAILED");
    assert.match(error.txHash ?? "", /^0x/);
    assert.equal(error.next, `worker3 push ${folder.path} 2`);
    const { owner: by, nodeIds } = await lens.projectOf(chain.owner, { projectId: 2n });
    assert.equal(by, owner());
    assert.deepEqual([...nodeIds].filter(Boolean).sort(), [1, 2]);

    for (const double of doubles) double.refusal = undefined;
    await using keyless = await commandOn(chain.net.network);
    const pushed = await keyless.json("push", folder.path, domain);
    assert.deepEqual([pushed.projectId, pushed.version], ["2", 1]);
    for (const { uploads } of doubles)
      assert.deepEqual(
        uploads.map(({ signer }) => signer),
        [undefined],
      );
    for (const { ready } of pushed.replicas) assert.equal(ready, true);
    await folder[Symbol.asyncDispose]();
  });

  it("push takes a CAR of pack, and only content that a version names", async () => {
    const { worker3 } = chain;
    await using folder = await folderWith({ "index.html": "drawn" });
    const car = join(worker3.directory, "site.car");
    const packed = await worker3.json("pack", folder.path, "-o", car);
    for (const { held } of doubles) held.clear();
    const pushed = await worker3.json("push", car, "2");
    assert.deepEqual([pushed.cid, pushed.bytes], [packed.cid, packed.bytes]);
    assert.equal((await worker3.error(1, "push", car, shop)).code, "VERSION_UNKNOWN");
    await writeFile(car, "no CAR");
    assert.equal((await worker3.error(1, "push", car, "2")).code, "CAR_UNREADABLE");
    assert.equal(
      (await worker3.error(1, "push", join(worker3.directory, "nowhere"), "2")).code,
      "NO_DIRECTORY",
    );
  });

  it("push --ipfs has an IPFS daemon hold the content, too, before any node has it, and takes over no pin but a node's", async () => {
    const { worker3 } = chain;
    await using folder = await folderWith({ "index.html": "drawn" });
    await using kubo = await playKubo();
    const push = ["push", folder.path, "2", "--ipfs", kubo.url];
    for (const { held } of doubles) held.clear();
    await kubo.die();
    assert.equal((await worker3.error(1, ...push)).code, "KUBO_UNREACHABLE");
    assert.deepEqual(
      doubles.map(({ uploads }) => uploads.length),
      [0, 0],
      "a daemon that is not there is told before anything is sent",
    );
    await kubo.rise();
    const { cid, ipfs, replicas } = await worker3.json(...push);
    const name = `worker3:${chain.net.network.chainId}:project:2:version:1`;
    assert.deepEqual(ipfs, { url: kubo.url, pinned: true, name, wasPinned: false });
    for (const { ready } of replicas) assert.equal(ready, true);
    assert.deepEqual(new Map(kubo.pins), new Map([[cid, name]]));
    const packed = await worker3.json("pack", folder.path);
    assert.equal(kubo.cars.get(cid)?.length, packed.bytes);

    kubo.pins.set(cid, "mine");
    assert.deepEqual((await worker3.json(...push)).ipfs, {
      url: kubo.url,
      pinned: true,
      name: "mine",
      wasPinned: true,
    });
    kubo.pins.set(cid, "worker3:1:0xab:5:node:1");
    assert.equal((await worker3.json(...push)).ipfs.name, name);
    assert.equal(kubo.pins.get(cid), name);
    assert.equal(
      (await worker3.error(2, "push", folder.path, "2", "--ipfs", "127.0.0.1:5001")).code,
      "USAGE",
    );
  });

  it("NO_CREDIT: a project that nobody serves for want of credit gets no next version", async () => {
    const { worker3 } = chain;
    const domain = "bare.worker3.localhost";
    await projects.createProjectOn(chain.owner, { domain, cap: 1_000_000n, nodeIds: [1] });
    const args = ["deploy", site.path, "--domain", domain];
    const error = await worker3.error(1, ...args, "--yes");
    assert.equal(error.code, "NO_CREDIT");
    assert.match(error.next ?? "", /^worker3 credit deposit 3 5, then deploy again$/);
    const done = await worker3.json(...args, "--deposit", "5", "--yes");
    assert.deepEqual([done.version, done.created], [1, false]);
    assert.match(done.depositTxHash, /^0x/);
  });

  it("UNSUPPORTED_BINDING: storage is refused by its name before anything is built or sent", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({
        name: "kv",
        main: "index.js",
        compatibility_date: "2026-11-01",
        kv_namespaces: [{ binding: "NOTES", id: "n" }],
        build: { command: "echo built > built.txt" },
      }),
      "index.js": "export default { fetch() { return new Response('x') } }",
    });
    const args = [folder.path, "--domain", "storage.worker3.localhost", "--deposit", "9", "--yes"];
    const error = await chain.worker3.error(1, "deploy", ...args);
    assert.deepEqual([error.code, error.value], ["UNSUPPORTED_BINDING", "NOTES"]);
    await assert.rejects(readFile(join(folder.path, "built.txt")), { code: "ENOENT" });
    const packed = await chain.worker3.json("pack", folder.path);
    assert.match(packed.cid, /^bafybei/);
  });

  it("SCRIPT_TOO_LARGE: a worker that no node runs is refused before anything is sent", async () => {
    const source = `export default { fetch() { return new Response(${JSON.stringify("x".repeat(11_000_000))}) } }`;
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({
        name: "large",
        main: "index.js",
        compatibility_date: "2026-11-01",
        no_bundle: true,
      }),
      "index.js": source,
    });
    const args = [folder.path, "--domain", "large.worker3.localhost", "--deposit", "9", "--yes"];
    const error = await chain.worker3.error(1, "deploy", ...args);
    assert.deepEqual([error.code, error.value], ["SCRIPT_TOO_LARGE", String(source.length)]);
  });

  it("COMPATIBILITY_DATE_TOO_NEW: the nodes are asked, and one that is behind has no veto", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({ name: "new", main: "index.js", compatibility_date: "2099-01-01" }),
      "index.js": "export default { fetch() { return new Response('x') } }",
    });
    const args = [folder.path, "--domain", "new.worker3.localhost", "--deposit", "9", "--yes"];
    const before = await nonce();
    const error = await chain.worker3.error(1, "deploy", ...args);
    assert.deepEqual([error.code, error.value], ["COMPATIBILITY_DATE_TOO_NEW", "2099-01-01"]);
    assert.equal(await nonce(), before, "nothing was sent");
    const [first, second] = doubles;
    first.capabilities = { ...CAPABILITIES, compatibilityDate: "2099-01-01" };
    const done = await chain.worker3.json("deploy", ...args, "--nodes", "1,2");
    assert.match(done.notices.join(), /node 2 will not serve this: .*knows 2026-11-17/);
    second.capabilities = undefined;
    const again = await chain.worker3.json(
      "deploy",
      folder.path,
      "--domain",
      "new.worker3.localhost",
      "--yes",
    );
    assert.match(again.notices.join(), /node 2 does not say whether it can run this/);
  });

  it("a node that takes no new seats, or says nothing of itself, cannot be named, and is told before anything is paid", async () => {
    await using folder = await folderWith({ "index.html": "full" });
    const args = ["deploy", folder.path, "--domain", "full.worker3.localhost", "--nodes", "2", "--yes"];
    const epoch = await chain.net.epoch();
    const before = await nonce();
    await nodes.setPresence(chain.admin, { nodeId: 2, untilEpoch: epoch + 30, leastCap: nodes.FULL });
    const full = await chain.worker3.error(1, ...args);
    assert.deepEqual([full.code, full.value], ["CAP_BELOW_LEAST", "2"]);
    await nodes.setPresence(chain.admin, { nodeId: 2, untilEpoch: epoch, leastCap: 0n });
    await chain.net.toEpoch(epoch + 1);
    const absent = await chain.worker3.error(1, ...args);
    assert.deepEqual([absent.code, absent.value], ["NODE_ABSENT", "2"]);
    assert.equal(await nonce(), before, "nothing was sent");
  });
});
