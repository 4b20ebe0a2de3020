import assert from "node:assert/strict";
import { lens, projects } from "@worker3/sdk";
import { commandOn } from "../testing/commandOn.ts";
import { fundGas } from "../testing/fundGas.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

const CIDS = [
  "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
  "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
] as const;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/;

describe("commands about projects, on a chain", function () {
  this.timeout(120_000);
  let chain: TestChain;
  let domain: string;

  before(async () => {
    chain = await startTestChain(["http://127.0.0.1:9001", "http://127.0.0.1:9002", "http://127.0.0.1:9003"]);
    domain = `shop.${chain.net.network.zone}`;
    for (const cid of CIDS) await projects.deploy(chain.owner, { domain, cid });
  });
  after(() => chain[Symbol.asyncDispose]());

  it("versions tells each version's content, time and author; a project is named by domain or id", async () => {
    const { worker3, ownerKey } = chain;
    const [byDomain, byId] = await Promise.all([
      worker3.json("versions", domain.toUpperCase()),
      worker3.json("versions", "1"),
    ]);
    assert.deepEqual(byDomain, byId);
    assert.deepEqual([byId.projectId, byId.active, byId.versions.length], ["1", 2, 2]);
    for (const [i, version] of byId.versions.entries()) {
      assert.deepEqual(
        [version.version, version.cid, version.by],
        [i + 1, CIDS[i], ownerKey.account.address],
      );
      assert.match(version.deployedAt, TIME);
      assert.match(version.txHash, /^0x[0-9a-f]{64}$/);
    }
    const { stdout } = await worker3.run("versions", "1");
    assert.match(stdout, /^2 \* +bafybeihdw/m);
  });

  it("an unknown project, a free name and a stranger's domain are told apart", async () => {
    const { worker3 } = chain;
    const [unknown, free, bad] = await Promise.all([
      worker3.error(1, "versions", "99"),
      worker3.error(1, "versions", `nobody.${chain.net.network.zone}`),
      worker3.error(2, "versions", "no_domain"),
    ]);
    assert.deepEqual([unknown.code, unknown.value], ["UNKNOWN_PROJECT", "99"]);
    assert.equal(free.code, "NAME_IS_FREE");
    assert.equal(bad.code, "USAGE");
  });

  it("rollback serves the version before, asks first, and refuses what is served already", async () => {
    const { worker3 } = chain;
    const unasked = await worker3.error(2, "rollback", domain);
    assert.equal(unasked.code, "CONFIRMATION_NEEDED");
    assert.match(
      unasked.message,
      new RegExp(`from version 2 \\(${CIDS[1]}\\) to version 1 \\(${CIDS[0]}\\)`),
    );
    const back = await worker3.json("rollback", domain, "--yes");
    assert.deepEqual([back.projectId, back.version, back.cid], ["1", 1, CIDS[0]]);
    assert.deepEqual(back.from, { version: 2, cid: CIDS[1] });
    assert.match(back.txHash, /^0x[0-9a-f]{64}$/);
    assert.equal((await lens.projectOf(chain.owner, { projectId: 1n })).active, 1);

    const [same, none] = await Promise.all([
      worker3.error(1, "rollback", "1", "--to", "1", "--yes"),
      worker3.error(1, "rollback", "1", "--to", "7", "--yes"),
    ]);
    assert.equal(same.code, "VERSION_ACTIVE");
    assert.deepEqual([none.code, none.value], ["UNKNOWN_VERSION", "7"]);
    const further = await worker3.error(1, "rollback", "1", "--yes");
    assert.equal(further.code, "NO_VERSION_BEFORE", "a second one does not go forward again");
    const { stdout } = await worker3.run("rollback", "1", "--to", "2", "--yes");
    assert.equal(
      stdout,
      `Project 1 went from version 1 (${CIDS[0]}) to version 2 (${CIDS[1]}).\n`,
      "from what to what",
    );
  });

  it("split shows a version to some visitors and ends again", async () => {
    const { worker3 } = chain;
    const begun = await worker3.json("split", domain, "--version", "1", "--percent", "12.5", "--yes");
    assert.deepEqual([begun.active, begun.canary, begun.bps], [2, 1, 1_250]);
    const shown = await worker3.json("project", "show", domain);
    assert.deepEqual(shown.split, { version: 1, bps: 1_250 });
    const { versions } = await worker3.json("versions", domain);
    const cidOf = (version: number) =>
      versions.find((each: { version: number }) => each.version === version).cid;
    assert.deepEqual([shown.cid, shown.splitCid, shown.domains], [cidOf(2), cidOf(1), [domain]]);
    const { nodeIds, nodes, urls } = shown;
    assert.deepEqual(
      nodes.map(({ nodeId, region }: { nodeId: number; region: string }) => [nodeId, region]),
      nodeIds.map((nodeId: number) => [nodeId, "weur"]),
    );
    const ports = nodes.map(({ endpoint }: { endpoint: string }) => new URL(endpoint).port);
    assert.deepEqual(
      urls,
      [...new Set(ports)].map((port) => `http://${domain}:${port}`),
    );
    assert.equal((await worker3.error(2, "split", domain, "--percent", "10")).code, "USAGE");
    const ended = await worker3.json("split", domain, "--percent", "0", "--yes");
    assert.deepEqual([ended.canary, ended.bps], [null, 0]);
    assert.equal((await worker3.error(1, "split", domain, "--percent", "0", "--yes")).code, "NO_SPLIT");
    assert.equal(
      (await worker3.error(2, "split", domain, "--version", "1", "--percent", "100")).code,
      "USAGE",
    );
  });

  it("credit goes in at once and out after its thaw", async () => {
    const { worker3, net } = chain;
    const paid = await worker3.json("credit", "deposit", domain, "5", "--yes");
    assert.deepEqual([paid.balance, paid.thawing, paid.thawsAt], ["5000000", "0", null]);
    const asked = await worker3.json("credit", "withdraw", domain, "2", "--yes");
    assert.deepEqual([asked.balance, asked.thawing, asked.withdrawn], ["5000000", "2000000", "0"]);
    assert.match(asked.thawsAt, TIME);
    const again = await worker3.json("credit", "withdraw", domain, "2", "--yes");
    assert.deepEqual([again.txHash, again.thawsAt], [null, asked.thawsAt], "the time does not start anew");

    await net.toEpoch((await net.epoch()) + 7);
    assert.equal(
      (await net.epoch()) * 3_600_000 + net.network.times.genesis * 1_000,
      Date.parse(asked.thawsAt),
    );
    const out = await worker3.json("credit", "withdraw", domain);
    assert.deepEqual([out.withdrawn, out.balance, out.thawing], ["2000000", "3000000", "0"]);
    const balance = await worker3.json("credit", "balance", domain);
    assert.equal(balance.balance, "3000000");
    assert.equal(typeof balance.runwaySeconds, "number");
    assert.match((await worker3.run("credit", "balance", domain)).stdout, /has 3 USD of credit/);
  });

  it("a withdrawal without a request, and one of too much, are refused", async () => {
    const { worker3 } = chain;
    const [none, much] = await Promise.all([
      worker3.error(1, "credit", "withdraw", domain),
      worker3.error(1, "credit", "withdraw", domain, "4000", "--yes"),
    ]);
    assert.deepEqual([none.code, much.code], ["NO_CREDIT_THAWS", "WITHDRAW_OUT_OF_RANGE"]);
  });

  it("cap and nodes change the terms of the next epoch", async () => {
    const { worker3, net } = chain;
    const cap = await worker3.json("project", "cap", domain, "0.5", "--yes");
    assert.deepEqual([cap.cap, cap.fromEpoch], ["500000", (await net.epoch()) + 1]);
    const nodes = await worker3.json("project", "nodes", domain, "--nodes", "3,1", "--yes");
    assert.deepEqual(nodes.nodeIds, [3, 1]);
    const shown = await worker3.json("project", "show", domain);
    assert.deepEqual([shown.cap, shown.nodeIds, shown.versions], ["500000", [3, 1], 2]);
    assert.equal(shown.credit.balance, "3000000");
    assert.equal((await worker3.error(2, "project", "nodes", domain, "--nodes", "1,1")).code, "USAGE");
  });

  it("a domain outside the zone waits for its DNS", async () => {
    const { worker3, net } = chain;
    const name = "shop.worker3-test.invalid";
    const added = await worker3.json("domains", "add", domain, name, "--yes");
    const registry = net.network.contracts.projectRegistry;
    assert.deepEqual(added.domains, [
      { domain, kind: "zone", routed: true, proven: true, records: [] },
      {
        domain: name,
        kind: "custom",
        routed: false,
        proven: false,
        records: [
          `_worker3.${name}. TXT "worker3=${net.network.chainId}:${registry}:1"`,
          `${name}. CNAME ${domain}.`,
        ],
      },
    ]);
    const removed = await worker3.json("domains", "remove", domain, name, "--yes");
    assert.deepEqual(
      removed.domains.map((found: { domain: string }) => found.domain),
      [domain],
    );
  });

  it("only the owner may, unless the owner says so", async () => {
    const { worker3, net } = chain;
    const other = testKey();
    await fundGas(net.network, other.account.address);
    await using stranger = await commandOn(net.network, other.key);
    const refused = await stranger.error(1, "rollback", domain, "--to", "1", "--yes");
    assert.equal(refused.code, "NOT_DEPLOYER");
    const given = await worker3.json(
      "project",
      "delegate",
      domain,
      other.account.address,
      "--rights",
      "deploy",
      "--yes",
    );
    assert.equal(given.who, other.account.address);
    assert.equal((await stranger.json("rollback", domain, "--to", "1", "--yes")).version, 1);

    await worker3.json("project", "transfer", domain, other.account.address, "--yes");
    assert.equal((await stranger.json("project", "accept", domain)).owner, other.account.address);
    assert.equal((await worker3.error(1, "project", "close", domain, "--yes")).code, "NOT_PROJECT_OWNER");
    const closed = await stranger.json("project", "close", domain, "--yes");
    assert.equal(closed.closedFrom, (await net.epoch()) + 1);
  });

  it("without a key, with a bad key, without a network and with a dead RPC, each says what is missing", async () => {
    const { net } = chain;
    await using keyless = await commandOn(net.network);
    const [none, bad, network, dead] = await Promise.all([
      keyless.error(2, "rollback", domain, "--to", "2", "--yes"),
      keyless.error(2, "rollback", domain, "--to", "2", "--yes", "--key", "0x1234"),
      keyless.error(2, "versions", domain, "--network", "nowhere"),
      keyless.error(1, "versions", domain, "--rpc", "http://127.0.0.1:1"),
    ]);
    assert.deepEqual(
      [none.code, bad.code, network.code, dead.code],
      ["NO_ACCOUNT", "KEY_INVALID", "NO_NETWORK", "RPC_UNREACHABLE"],
    );
    assert.doesNotMatch(JSON.stringify(bad), /1234/, "a key is never repeated");
  });
});
