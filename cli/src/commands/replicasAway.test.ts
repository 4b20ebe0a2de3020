import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { lens, projects } from "@worker3/sdk";
import { until } from "../../../node-agent/src/testing/until.ts";
import { CAPABILITIES, playUploads, type UploadDouble } from "../testing/playUploads.ts";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";

/** With it a command that waits for who is away outlasts its test. */
const PATIENT = ["--upload-timeout", "600", "--wait-timeout", "600"];
/** The least that those who are away are given when enough are there. */
const GRACE_MS = 3_000;

/** A port where nobody listens. */
async function deadEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

describe("deploy and push, where a replica is away", function () {
  this.timeout(60_000);
  let doubles: readonly [UploadDouble, UploadDouble];
  let chain: TestChain;
  let site: ProjectFolder;
  const shop = "shop.worker3.localhost";

  before(async () => {
    doubles = [await playUploads(), await playUploads()];
    chain = await startTestChain([...doubles.map(({ endpoint }) => endpoint), await deadEndpoint()]);
    for (const double of doubles) double.client = chain.admin;
    site = await folderWith({ "index.html": "<h1>one</h1>" });
  });
  after(async () => {
    await site[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
    for (const double of doubles) await double[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    for (const double of doubles) Object.assign(double, { serves: true, capabilities: CAPABILITIES });
  });

  const deploy = (...args: string[]): string[] => [
    "deploy",
    site.path,
    "--domain",
    shop,
    ...PATIENT,
    "--yes",
    ...args,
  ];

  interface Replica {
    readonly nodeId: number;
    readonly ready: boolean;
    readonly liveMs?: number;
  }

  /** Runs it and makes sure that it goes on without node 3, says so and measures the others without it. */
  async function goesOn(args: readonly string[]) {
    const begun = performance.now();
    const { code, stdout, stderr } = await chain.worker3.run(...args, "--json");
    const tookMs = performance.now() - begun;
    assert.equal(code, 0, stderr + stdout);
    const document = JSON.parse(stdout);
    const replicas: Replica[] = document.replicas;
    assert.deepEqual(
      replicas.map(({ nodeId, ready }) => [nodeId, ready]),
      [
        [1, true],
        [2, true],
        [3, false],
      ],
    );
    assert.match(
      stderr,
      /^Warning: node 3 does not have the content: .*cannot be reached.*; it takes it from the others/m,
    );
    for (const { liveMs = 0 } of replicas)
      assert.ok(liveMs + GRACE_MS <= tookMs, `${liveMs} of ${tookMs} ms`);
    assert.ok(document.timings.uploadMs + GRACE_MS <= tookMs);
    return document;
  }

  it("a first version is live on the others, whose times do not count it", async () => {
    const done = await goesOn(deploy("--nodes", "1,2,3", "--deposit", "20"));
    assert.deepEqual([done.version, done.urls.length], [1, 2]);
    assert.match(done.notices.join("\n"), /node 3 does not have the content/);
  });

  it("a next version goes on when half of the replicas have it", async () => {
    await writeFile(join(site.path, "index.html"), "<h1>two</h1>");
    assert.equal((await goesOn(deploy())).version, 2);
  });

  it("an unchanged one is no failure, nor is a push", async () => {
    for (const { held } of doubles) held.clear();
    const [again, pushed, told] = await Promise.all([
      goesOn(deploy()),
      goesOn(["push", site.path, shop, ...PATIENT]),
      chain.worker3.run(...deploy()),
    ]);
    assert.deepEqual([again.version, again.unchanged, pushed.version], [2, true, 2]);
    assert.match(
      told.stdout,
      /node 1 {2}serves it\n {2}node 2 {2}serves it\n {2}node 3 {2}.*cannot be reached/,
    );
  });

  it("a version that a newer one supersedes is not waited for any longer", async () => {
    await writeFile(join(site.path, "index.html"), "<h1>three</h1>");
    for (const double of doubles) double.serves = false;
    const deploying = chain.worker3.run(...deploy(), "--json");
    const active = async () => (await lens.projectOf(chain.owner, { projectId: 1n })).active;
    await until("version 3 on chain", async () => (await active()) === 3);
    for (const { held } of doubles) held.clear(); // or they would show version 3 as the one before
    const cid = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    await projects.addVersion(chain.owner, { projectId: 1n, cid, live: true });
    const { code, stdout, stderr } = await deploying;
    const document = JSON.parse(stdout);
    assert.deepEqual([code, document.version, document.superseded], [0, 3, 4], stderr);
    assert.match(stderr, /^Version 3 of project 1 was superseded .* the chain names version 4 now\.$/m);
  });
});
