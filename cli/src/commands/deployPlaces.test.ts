import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { escrow, lens, projects } from "@worker3/sdk";
import type { Address } from "viem";
import { commandOn, type TestCommand } from "../testing/commandOn.ts";
import { fundGas } from "../testing/fundGas.ts";
import { CAPABILITIES, playUploads, type UploadDouble } from "../testing/playUploads.ts";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

describe("where a deployment goes, and what it would cost", function () {
  this.timeout(60_000);
  let doubles: readonly [UploadDouble, UploadDouble];
  let chain: TestChain;
  let keyless: TestCommand;

  before(async () => {
    doubles = [await playUploads(), await playUploads()];
    chain = await startTestChain(doubles.map(({ endpoint }) => endpoint));
    for (const double of doubles) {
      double.client = chain.admin;
      double.capabilities = CAPABILITIES;
    }
    keyless = await commandOn(chain.net.network);
  });
  after(async () => {
    await keyless[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
    for (const double of doubles) await double[Symbol.asyncDispose]();
  });

  const owner = (): Address => chain.ownerKey.account.address;
  const nonce = (): Promise<number> => chain.owner.publicClient.getTransactionCount({ address: owner() });
  const memoryOf = async (folder: ProjectFolder) =>
    JSON.parse(await readFile(join(folder.path, ".worker3", "project.json"), "utf8"));

  it("--dry-run tells what a project would be and cost, with a key or without, and sends nothing", async () => {
    await using site = await folderWith({ "index.html": "<h1>dry</h1>" });
    const domain = "dry.worker3.localhost";
    const args = ["deploy", site.path, "--domain", domain, "--dry-run"];
    const before = await nonce();
    const packed = await keyless.json("pack", site.path);
    for (const [worker3, payerKnown] of [
      [chain.worker3, true],
      [keyless, false],
    ] as const) {
      const told = await worker3.json(...args, "--cap", "0.5", "--deposit", "10");
      assert.deepEqual(
        [told.dryRun, told.projectId, told.version, told.created, told.domain, told.routed, told.payerKnown],
        [true, null, 1, true, domain, true, payerKnown],
      );
      assert.deepEqual([told.cid, told.files, told.bytes], [packed.cid, packed.files, packed.bytes]);
      assert.deepEqual([told.nodes.toSorted(), told.drawn], [[1, 2], true]);
      const { gasWei, prices, requests, ...cost } = told.cost;
      assert.deepEqual([prices.perGiBStored, requests], ["1000", "1673"]);
      assert.deepEqual(cost, {
        deposit: "10000000",
        advisedDeposit: "5000000",
        reserved: "5000000",
        available: "0",
        cap: "500000",
        seats: 2,
        budget: "1000000",
        epochSeconds: 3_600,
        budgetADay: "24000000",
      });
      assert.ok(BigInt(gasWei) > 0n);
      assert.ok(told.timings.packMs >= 0);
    }
    const { stdout, code } = await keyless.run(...args);
    assert.equal(code, 0, "who asks what it costs need not know the deposit");
    assert.match(stdout, /^ {2}deposit {2}20 USD; 10 USD is the least that lasts$/m);
    assert.match(stdout, /^ {2}cost {5}at most 2 USD an epoch of 1 hour \(1 USD a node\), 48 USD a day$/m);
    assert.equal(
      (await chain.worker3.error(1, ...args, "--deposit", "99000000")).code,
      "INSUFFICIENT_BALANCE",
    );
    assert.equal((await chain.worker3.error(1, ...args, "--deposit", "0.1")).code, "NO_CREDIT");
    assert.equal(await nonce(), before, "nothing was sent");
    assert.deepEqual(
      doubles.flatMap(({ uploads }) => uploads),
      [],
    );
    await assert.rejects(memoryOf(site), { code: "ENOENT" }, "nothing is remembered");
  });

  it("the folder remembers its domain by network and environment, and a named one goes before it", async () => {
    await using site = await folderWith({ "index.html": "<h1>one</h1>" });
    const domain = "first.worker3.localhost";
    const none = await chain.worker3.error(2, "deploy", site.path, "--yes");
    assert.equal(none.code, "USAGE");
    assert.equal(none.next, `worker3 deploy ${site.path} --domain <name>.worker3.localhost`);

    const made = await chain.worker3.run("deploy", site.path, "--domain", domain, "--deposit", "20", "--yes");
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stderr, /project\.json remembers first\.worker3\.localhost: the next deploy/);
    const { chainId, contracts } = chain.net.network;
    const { projectId } = await chain.worker3.json("project", "show", domain);
    const entry = {
      chainId,
      projectRegistry: contracts.projectRegistry,
      directory: ".",
      environment: null,
      domain,
      projectId,
    };
    assert.deepEqual(await memoryOf(site), { projects: [entry] });

    await writeFile(join(site.path, "index.html"), "<h1>two</h1>");
    const next = await chain.worker3.run("deploy", site.path, "--yes");
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, /^Deploying to first\.worker3\.localhost, as .*project\.json remembers/m);
    assert.match(next.stdout, /^Version 2 of project/);
    const cid = (await chain.worker3.json("pack", site.path)).cid;
    assert.equal(
      (await chain.worker3.json("versions", domain)).versions[1].cid,
      cid,
      "the file is not packed",
    );
    assert.equal((await keyless.json("deploy", site.path, "--dry-run")).unchanged, true);

    const other = await chain.worker3.json(
      ...["deploy", site.path, "--domain", "other.worker3.localhost", "--deposit", "20", "--yes"],
    );
    assert.equal(other.domain, "other.worker3.localhost");
    assert.deepEqual(await memoryOf(site), { projects: [entry] }, "a trial elsewhere is no move");

    const file = join(site.path, ".worker3", "project.json");
    await writeFile(file, "{");
    assert.equal((await chain.worker3.error(2, "deploy", site.path, "--yes")).code, "REMEMBERED_UNREADABLE");
    const named = await chain.worker3.run("deploy", site.path, "--domain", domain, "--yes");
    assert.equal(named.code, 0, "it is only in the way of who needs it");
    assert.equal(await readFile(file, "utf8"), "{");
  });

  it("what to type next has the flags that were given, and never the key", async () => {
    await using site = await folderWith({ "index.html": "<h1>next</h1>" });
    const network = join(chain.worker3.directory, "network.json");
    const { key } = chain.ownerKey;
    const args = ["deploy", site.path, "--domain", "next.worker3.localhost", "--cap", "0.5", "--yes"];
    const poor = ["--network", network, "--key", key, "--deposit", "0.1"];
    const { next } = await keyless.error(1, ...args, ...poor);
    assert.equal(
      next,
      `worker3 deploy ${site.path} --domain next.worker3.localhost --deposit 5 --cap 0.5 --network ${network}; later ones by worker3 credit deposit next.worker3.localhost <amount> --network ${network}`,
    );
    const { stderr } = await keyless.run(...args, "--network", network, "--key", key, "--deposit", "1");
    assert.ok(stderr.includes(`<amount> --network ${network})`), stderr);
    assert.ok(!stderr.includes(key));
  });

  it("what a build made is remembered beside the project that it is of, where the next build does not delete it", async () => {
    await using project = await folderWith({ "package.json": "{}", "dist/index.html": "built" });
    const dist = join(project.path, "dist");
    const domain = "built.worker3.localhost";
    await chain.worker3.json("deploy", dist, "--domain", domain, "--deposit", "20", "--yes");
    const [entry] = (await memoryOf(project)).projects;
    assert.deepEqual([entry.directory, entry.domain], ["dist", domain]);
    assert.equal((await chain.worker3.json("deploy", dist, "--yes")).domain, domain);
  });

  it("a deployment folder, which is content to the last file, is remembered beside it", async () => {
    await using folder = await folderWith({
      "site/.worker3/manifest.json": JSON.stringify({ manifest: 2, assets: {} }),
      "site/index.html": "packed",
    });
    const site = join(folder.path, "site");
    const { cid } = await chain.worker3.json("pack", site);
    const domain = "packed.worker3.localhost";
    await chain.worker3.json("deploy", site, "--domain", domain, "--deposit", "20", "--yes");
    const again = await chain.worker3.json("deploy", site, "--yes");
    assert.deepEqual([again.domain, again.cid, again.unchanged], [domain, cid, true]);
  });

  it("into a project of somebody else only who names its domain pays, and whose it is is said", async () => {
    const domain = "planted.worker3.localhost";
    const { key, account } = testKey();
    await fundGas(chain.net.network, account.address);
    await chain.net.as(account);
    await using victim = await commandOn(chain.net.network, key);
    await using site = await folderWith({ "index.html": "<h1>planted</h1>" });
    // The stranger's: a project, the right to deploy to it, and a repository that remembers it.
    await chain.worker3.json("deploy", site.path, "--domain", domain, "--deposit", "20", "--yes");
    const { projectId } = await chain.worker3.json("project", "show", domain);
    const id = BigInt(projectId);
    await projects.setDelegate(chain.owner, { projectId: id, who: account.address, rights: "deploy" });
    const balance = async () => (await escrow.accountOf(chain.owner, { projectId: id })).balance;
    await writeFile(join(site.path, "index.html"), "<h1>the victim's</h1>");

    const refused = await victim.error(2, "deploy", site.path, "--deposit", "3", "--yes");
    assert.deepEqual([refused.code, refused.value], ["DEPOSIT_TO_OTHER", owner()]);
    assert.equal(
      refused.next,
      `deploy without --deposit; if you mean to pay for it: worker3 credit deposit ${id} <amount>`,
    );
    assert.equal(await balance(), 20_000_000n, "nothing was paid");
    const asked = await victim.run("deploy", site.path);
    assert.equal(asked.code, 2);
    assert.match(
      asked.stderr,
      new RegExp(
        `^project ${id} at ${domain} is not yours: it belongs to ${owner()}, who made you a delegate; `,
        "m",
      ),
    );
    assert.match(asked.stderr, new RegExp(`Deploy version 2 of project ${id} of ${owner()} at `));
    assert.equal((await lens.projectOf(chain.owner, { projectId: id })).versions, 1);

    const named = await victim.error(2, "deploy", site.path, "--domain", domain, "--deposit", "3");
    assert.equal(
      named.code,
      "DEPOSIT_TO_OTHER",
      "whoever took the name first may have made the victim a delegate",
    );
    const own = await chain.worker3.run("deploy", site.path);
    assert.doesNotMatch(own.stderr, /is not yours|of 0x/);
  });

  it("that another project is there than the folder remembers, is told", async () => {
    await using site = await folderWith({ "index.html": "<h1>moved</h1>" });
    const domain = "moved.worker3.localhost";
    await chain.worker3.json("deploy", site.path, "--domain", domain, "--deposit", "20", "--yes");
    const file = join(site.path, ".worker3", "project.json");
    const { projects: entries } = await memoryOf(site);
    const { projectId } = entries[0];
    await writeFile(file, JSON.stringify({ projects: [{ ...entries[0], projectId: "77" }] }));
    const { stderr } = await chain.worker3.run("deploy", site.path, "--yes");
    assert.match(
      stderr,
      new RegExp(
        `project\\.json remembers project 77 at ${domain}; project ${projectId} is there now\\.$`,
        "m",
      ),
    );
    assert.deepEqual((await memoryOf(site)).projects, entries, "and is remembered then");
    const paid = await chain.worker3.error(2, "deploy", site.path, "--deposit", "3");
    assert.match(
      paid.message,
      /Pay into the credit of project \d+\? It costs 3 USD; it has 20 USD available already, and an epoch may cost 2 USD\.$/,
    );
    assert.doesNotMatch((await chain.worker3.run("deploy", site.path, "--yes")).stderr, /is there now/);
  });

  it("--spa is remembered with the domain until --no-spa takes it back", async () => {
    await using site = await folderWith({ "index.html": "<h1>page</h1>" });
    const domain = "single.worker3.localhost";
    const [spa, plain] = [
      (await keyless.json("pack", site.path, "--spa")).cid,
      (await keyless.json("pack", site.path)).cid,
    ];
    const made = await chain.worker3.run(
      ...["deploy", site.path, "--domain", domain, "--spa", "--deposit", "20", "--yes"],
    );
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stderr, /remembers single\.worker3\.localhost and --spa: the next deploy/);
    assert.equal((await memoryOf(site)).projects[0].spa, true);
    for (const args of [[], ["--domain", domain]]) {
      const again = await chain.worker3.json("deploy", site.path, ...args, "--yes");
      assert.deepEqual([again.cid, again.unchanged], [spa, true]);
    }
    assert.match(
      (await chain.worker3.run("deploy", site.path, "--yes")).stderr,
      /^By --spa, as .* remembers; /m,
    );
    // Whoever packs or brings it by hand means the same site, without a network and with one.
    const packed = await keyless.run("pack", site.path);
    assert.equal(packed.stdout.split("\n")[0], spa);
    assert.match(packed.stderr, /^By --spa, as .* remembers; --no-spa does without\.$/m);
    assert.equal((await keyless.json("pack", site.path, "--no-spa")).cid, plain);
    assert.equal((await keyless.json("push", site.path, domain)).cid, spa);
    assert.equal((await keyless.error(1, "push", site.path, domain, "--no-spa")).code, "VERSION_UNKNOWN");
    const back = await chain.worker3.run("deploy", site.path, "--no-spa", "--yes");
    assert.match(back.stderr, /does not remember --spa any more/);
    const now = await chain.worker3.json("deploy", site.path, "--yes");
    assert.deepEqual([now.cid, now.version, now.unchanged], [plain, 2, true]);
    assert.equal((await memoryOf(site)).projects[0].spa, undefined);
    await chain.worker3.run("deploy", site.path, "--spa", "--yes");
    // What has a configuration by now says itself what answers.
    const wrangler = { name: "page", compatibility_date: "2026-11-01", assets: { directory: "./" } };
    await writeFile(join(site.path, "wrangler.json"), JSON.stringify(wrangler));
    const configured = await chain.worker3.json("deploy", site.path, "--dry-run");
    assert.notEqual(configured.cid, spa);
  });

  it("a deployment that ends a split says so before it does", async () => {
    await using site = await folderWith({ "index.html": "<h1>one</h1>" });
    const domain = "canary.worker3.localhost";
    const line = ["deploy", site.path, "--domain", domain, "--deposit", "20", "--yes"];
    const { projectId } = await chain.worker3.json(...line);
    await writeFile(join(site.path, "index.html"), "<h1>two</h1>");
    await chain.worker3.json("deploy", site.path, "--yes");
    await projects.split(chain.owner, { projectId: BigInt(projectId), version: 1, bps: 1_250 });
    await writeFile(join(site.path, "index.html"), "<h1>three</h1>");
    const { message } = await chain.worker3.error(2, "deploy", site.path);
    assert.match(
      message,
      /\? It ends the split, which shows version 1 to 12\.5 % and version 2 to the rest\. It costs gas /,
    );
    await chain.worker3.json("deploy", site.path, "--yes");
    const { split, active } = await lens.projectOf(chain.owner, { projectId: BigInt(projectId) });
    assert.deepEqual([split, active], [undefined, 3]);
  });

  it("a folder is looked for before its domain, and is one word of what to type next", async () => {
    await using site = await folderWith({ "my site/index.html": "<h1>spaces</h1>" });
    const spaced = join(site.path, "my site");
    const word = `'${spaced}'`;
    const cases: [code: string, exit: 1 | 2, folder: string, next: RegExp, ...args: string[]][] = [
      ["NO_DIRECTORY", 1, join(site.path, "none"), /^name the folder of a project/],
      ["NO_DIRECTORY", 1, join(spaced, "index.html"), /^name the folder of a project/],
      ["USAGE", 2, spaced, new RegExp(`^worker3 deploy ${word} --domain <name>`)],
      [
        "NO_CREDIT",
        1,
        spaced,
        new RegExp(`^worker3 deploy ${word} --domain spaces\\.`),
        "--domain",
        "spaces.worker3.localhost",
        "--deposit",
        "0.1",
      ],
    ];
    for (const [code, exit, folder, next, ...args] of cases) {
      const error = await chain.worker3.error(exit, "deploy", folder, ...args, "--yes");
      assert.equal(error.code, code, folder);
      assert.match(error.next ?? "", next);
    }
    const file = await chain.worker3.error(1, "deploy", join(spaced, "index.html"));
    assert.match(file.message, /^This is a file/);
    const free = "nosuch.worker3.localhost";
    assert.equal((await chain.worker3.error(1, "push", join(site.path, "none"), free)).code, "NO_DIRECTORY");
    const push = await chain.worker3.error(1, "push", spaced, free);
    assert.deepEqual(
      [push.code, push.next],
      ["NAME_IS_FREE", `deploy to it: worker3 deploy ${word} --domain ${free}`],
    );
    const show = await chain.worker3.error(1, "project", "show", free);
    assert.equal(show.next, `deploy to it: worker3 deploy <dir> --domain ${free}`);
    const unknown = await chain.worker3.error(1, "push", spaced, "1");
    assert.equal(unknown.code, "VERSION_UNKNOWN");
    assert.match(unknown.next ?? "", new RegExp(`worker3 deploy ${word}[; ]`));
  });

  it("a folder that cannot be written is deployed all the same", async () => {
    await using site = await folderWith({
      "index.html": "read only",
      ".worker3": "a file",
      ".assetsignore": ".worker3\n",
    });
    const { code, stderr } = await chain.worker3.run(
      ...["deploy", site.path, "--domain", "fixed.worker3.localhost", "--deposit", "20", "--yes"],
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^The domain is not remembered: /m);
  });

  it("a domain outside the zone is told to be claimed, not routed, before money moves and after", async () => {
    await using site = await folderWith({ "index.html": "<h1>own</h1>" });
    const domain = "www.worker3-test.invalid";
    const args = ["deploy", site.path, "--domain", domain, "--deposit", "20"];
    const next = Number(await projects.projectCount(chain.owner)) + 1;
    const { chainId, contracts } = chain.net.network;
    const record = `_worker3.${domain}. TXT "worker3=${chainId}:${contracts.projectRegistry}:${next}"`;
    const before = await nonce();
    const asked = await chain.worker3.run(...args);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /^www\.worker3-test\.invalid is claimed, not routed: .* 404$/m);
    assert.ok(asked.stderr.includes(record), asked.stderr);
    assert.match(asked.stderr, /which nodes do not serve yet/);
    assert.equal(await nonce(), before, "nothing was sent");

    const done = await chain.worker3.json(...args, "--yes");
    assert.deepEqual(
      [done.projectId, done.routed, done.urls, done.records],
      [String(next), false, [], [record]],
    );
    const { stdout } = await chain.worker3.run("deploy", site.path, "--yes");
    assert.match(
      stdout,
      /^Version 1 of project \d+ is on its nodes, but not live at www\.worker3-test\.invalid/,
    );
    assert.doesNotMatch(stdout, /<projectId>/);
    assert.ok(stdout.includes(record));

    assert.equal(
      (await chain.worker3.json("project", "show", domain)).projectId,
      String(next),
      "its owner names it",
    );
    const added = await chain.worker3.json("domains", "add", domain, "own.worker3.localhost", "--yes");
    const [custom, zone] = added.domains;
    assert.deepEqual([custom.routed, zone.routed], [false, true]);
    assert.deepEqual(custom.records, [record, `${domain}. CNAME own.worker3.localhost.`]);
    const shown = await chain.worker3.json("project", "show", domain);
    assert.deepEqual(shown.domains, [domain, "own.worker3.localhost"]);
    for (const url of shown.urls) assert.match(url, /^http:\/\/own\.worker3\.localhost:/);
    const again = await chain.worker3.json("deploy", site.path, "--yes");
    assert.equal(again.routed, false);
    for (const url of again.urls) assert.match(url, /^http:\/\/own\.worker3\.localhost:/);
    assert.equal(again.urls.length, 2, "what is live is named");
  });
});
