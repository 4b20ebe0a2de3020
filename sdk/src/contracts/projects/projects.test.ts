import assert from "node:assert/strict";
import type { Account } from "viem";
import { parseDeploymentCid } from "../../content/parseDeploymentCid.ts";
import { contractError } from "../../errors/contractError.ts";
import type { Worker3Error } from "../../errors/Worker3Error.ts";
import { getFacts } from "../../events/getFacts.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { isReservedName } from "../../protocol/isReservedName.ts";
import { packTerms, seatOf, unpackTerms } from "../../protocol/terms.ts";
import { termsOfEpoch } from "../../protocol/termsOfEpoch.ts";
import { zoneLabel } from "../../protocol/zoneLabel.ts";
import { testAccount } from "../../testing/accounts.ts";
import { setMeter } from "../../testing/calls.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as escrow from "../escrow/index.ts";
import * as lens from "../lens/index.ts";
import * as names from "../names/index.ts";
import * as nodes from "../nodes/index.ts";
import * as projects from "./index.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const OTHER_CID = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
const CAP = 500_000n;

describe("projects on a chain", () => {
  let net: TestNetwork;
  let admin: NetworkWriter;
  let owner: NetworkWriter;
  let stranger: NetworkWriter;
  const ownerAccount = testAccount(1);
  const delegate = testAccount(2);
  const operator: Account = testAccount(3);
  let domain: string;

  before(async () => {
    net = await createTestNetwork();
    [admin, owner, stranger] = [
      await net.as(testAccount(0)),
      await net.as(ownerAccount),
      await net.as(delegate),
    ];
    domain = `shop.${net.network.zone}`;
  });
  after(() => net.stop());

  it("without a node that accepts, nothing can be deployed", async () => {
    const error = await rejectsCode(projects.deploy(owner, { domain, cid: CID }), "NO_NODES");
    assert.match(error.message, /wnam.*me/);
    for (let i = 0; i < 4; i++) {
      const { nodeId } = await nodes.register(admin, {
        operator: operator.address,
        region: i === 3 ? "oc" : "weur",
        endpoint: `http://127.0.0.1:${8101 + i}`,
        stake: 100_000_000n,
      });
      await nodes.setPresence(admin, { nodeId, untilEpoch: 30, leastCap: 0n });
    }
  });

  it("one call puts a folder live: a project on three nodes, with a name and version 1", async () => {
    const first = await projects.deploy(owner, { domain, cid: CID });
    assert.deepEqual([first.projectId, first.version, first.created], [1n, 1, true]);
    const project = await lens.projectOf(owner, { projectId: 1n });
    assert.equal(project.nodeIds.length, 3);
    assert.deepEqual(
      { ...project, nodeIds: [] },
      {
        projectId: 1n,
        owner: ownerAccount.address,
        pendingOwner: undefined,
        meter: undefined,
        versions: 1,
        active: 1,
        split: undefined,
        domains: 1,
        closedFrom: undefined,
        nodeIds: [],
        cap: 1_000_000n,
        fromEpoch: await net.epoch(),
        seats: 3,
        regions: ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"],
        pinHome: true,
        refillIsChosen: false,
      },
    );
    const again = await projects.deploy(owner, { domain, cid: OTHER_CID });
    assert.deepEqual([again.projectId, again.version, again.created], [1n, 2, false]);
  });

  it("a CID that no deployment has is refused, with the reason", async () => {
    const bad: [cid: string, code: string][] = [
      ["QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG", "CID_HAS_WRONG_LENGTH"],
      [CID.replace("bafybei", "bafkrei"), "CID_HAS_WRONG_PREFIX"],
      [CID.replace(/.$/, "1"), "CID_HAS_WRONG_CHARACTER"],
      [CID.replace(/.$/, "j"), "CID_IS_NOT_CANONICAL"],
    ];
    for (const [cid, code] of bad) {
      assert.equal((await rejectsCode(projects.deploy(owner, { domain, cid }), code)).value, cid);
    }
  });

  it("a name of someone else is taken", async () => {
    const error = await rejectsCode(projects.deploy(stranger, { domain, cid: CID }), "NAME_TAKEN");
    assert.equal(error.value, ownerAccount.address);
    await rejectsCode(names.projectAt(owner, { domain, who: delegate.address }), "NAME_TAKEN");
    assert.equal(await names.projectAt(owner, { domain, who: ownerAccount.address }), 1n);
    assert.equal(await names.projectAt(owner, { domain: "free.example", who: delegate.address }), undefined);
  });

  it("what is served is resolved by name", async () => {
    const resolved = await lens.resolve(owner, { domain });
    assert.deepEqual(
      [resolved.projectId, resolved.owner, resolved.version, resolved.cid],
      [1n, ownerAccount.address, 2, OTHER_CID],
    );
    assert.deepEqual(
      resolved.replicas.map(({ seat }) => seat),
      [0, 1, 2],
    );
    for (const { nodeId, endpoint } of resolved.replicas)
      assert.equal(endpoint, `http://127.0.0.1:${8100 + nodeId}`);
    await rejectsCode(lens.resolve(owner, { domain: `other.${net.network.zone}` }), "NAME_IS_FREE");
    await rejectsCode(lens.resolve(owner, { domain: "shop.example" }), "PROVE_BY_TXT");
    await rejectsCode(lens.resolveAt(owner, { domain: "shop.example", projectId: 1n }), "DOMAIN_NOT_CLAIMED");
    const { digest, cid } = await lens.versionOf(owner, { projectId: 1n, version: 2 });
    assert.equal(cid, OTHER_CID);
    assert.equal(digest, parseDeploymentCid(OTHER_CID).digest);
  });

  it("a delegate deploys until the right is taken back, and does nothing else", async () => {
    await rejectsCode(projects.addVersion(stranger, { projectId: 1n, cid: CID, live: true }), "NOT_DEPLOYER");
    await projects.setDelegate(owner, { projectId: 1n, who: delegate.address, rights: "deploy" });
    assert.equal(await projects.mayDeploy(owner, { projectId: 1n, who: delegate.address }), true);
    const { version } = await projects.addVersion(stranger, { projectId: 1n, cid: CID, live: false });
    assert.equal(version, 3);
    assert.equal((await lens.projectOf(owner, { projectId: 1n })).active, 2);
    await rejectsCode(projects.setBudget(stranger, { projectId: 1n, cap: CAP }), "NOT_PROJECT_OWNER");
    await projects.setDelegate(owner, { projectId: 1n, who: delegate.address, rights: "none" });
    assert.equal(await projects.mayDeploy(owner, { projectId: 1n, who: delegate.address }), false);
  });

  it("a proposer adds versions that others put live, and a deployer's are no proposals", async () => {
    await projects.setDelegate(owner, { projectId: 1n, who: delegate.address, rights: "propose" });
    const may = { projectId: 1n, who: delegate.address };
    assert.deepEqual(
      [await projects.mayDeploy(owner, may), await projects.mayPropose(owner, may)],
      [false, true],
    );
    await rejectsCode(projects.addVersion(stranger, { projectId: 1n, cid: CID, live: true }), "NOT_DEPLOYER");
    const added = await projects.addVersion(stranger, { projectId: 1n, cid: CID, live: false });
    assert.deepEqual([added.version, added.proposed], [4, true]);
    const own = await projects.addVersion(owner, { projectId: 1n, cid: CID, live: false });
    assert.deepEqual([own.version, own.proposed], [5, false]);
    await projects.setDelegate(owner, { projectId: 1n, who: delegate.address, rights: "none" });
    assert.equal(await projects.mayPropose(owner, may), false);
  });

  it("a split serves a second version, and a rollback ends it", async () => {
    await projects.split(owner, { projectId: 1n, version: 3, bps: 1_000 });
    assert.deepEqual((await lens.projectOf(owner, { projectId: 1n })).split, { version: 3, bps: 1_000 });
    await rejectsCode(projects.split(owner, { projectId: 1n, version: 2, bps: 1 }), "SPLIT_WITH_ACTIVE");
    await rejectsCode(
      projects.split(owner, { projectId: 1n, version: 3, bps: 10_000 }),
      "SPLIT_BPS_OUT_OF_RANGE",
    );
    await rejectsCode(projects.split(owner, { projectId: 1n, version: 6, bps: 1 }), "UNKNOWN_VERSION");
    const { digest } = await lens.versionOf(owner, { projectId: 1n, version: 1 });
    await rejectsCode(projects.activate(owner, { projectId: 1n, version: 2, digest }), "WRONG_DIGEST");
    await projects.activate(owner, { projectId: 1n, version: 1, digest });
    const project = await lens.projectOf(owner, { projectId: 1n });
    assert.deepEqual([project.active, project.split], [1, undefined]);
  });

  it("a project is created on nodes by hand, or on drawn ones", async () => {
    const byHand = await projects.createProjectOn(owner, { domain: "a.example", nodeIds: [4, 2], cap: CAP });
    assert.deepEqual([byHand.projectId, byHand.nodeIds], [2n, [4, 2]]);
    const drawn = await projects.createProject(owner, {
      domain: "b.example",
      count: 8,
      regions: ["oc"],
      cap: CAP,
    });
    assert.deepEqual([drawn.projectId, drawn.nodeIds], [3n, [4]]);
    assert.equal(await projects.projectCount(owner), 3n);
    const cheap = projects.createProjectOn(owner, { domain: "c.example", nodeIds: [1], cap: 999n });
    assert.match((await rejectsCode(cheap, "CAP_OUT_OF_BOUNDS")).message, /0\.000999.*0\.001.*10/);
    const twice = projects.createProjectOn(owner, { domain: "c.example", nodeIds: [1, 1], cap: CAP });
    assert.equal((await rejectsCode(twice, "NODE_SEATED_TWICE")).value, "1");
    const unknown = projects.createProjectOn(owner, { domain: "c.example", nodeIds: [9], cap: CAP });
    await rejectsCode(unknown, "UNKNOWN_NODE");
    await rejectsCode(
      projects.createProjectOn(owner, { domain: "c.example", nodeIds: [], cap: CAP }),
      "SEAT_COUNT_OUT_OF_RANGE",
    );
  });

  it("terms change from the next epoch on, and their words are those of the model", async () => {
    const epoch = await net.epoch();
    const set = await projects.setReplicas(owner, { projectId: 2n, nodeIds: [1, 3, 2] });
    assert.equal(set.fromEpoch, epoch + 1);
    await projects.setBudget(owner, { projectId: 2n, cap: 2n * CAP });
    const [now, next, none] = [
      await projects.termsWords(owner, { projectIds: [2n], epoch }),
      await projects.termsWords(owner, { projectIds: [2n], epoch: epoch + 1 }),
      await projects.termsWords(owner, { projectIds: [99n], epoch }),
    ];
    const project = await lens.projectOf(owner, { projectId: 2n });
    assert.deepEqual(now, [packTerms({ nodeIds: [4, 2], cap: CAP, fromEpoch: 0 })]);
    assert.deepEqual(next, [packTerms({ nodeIds: [1, 3, 2], cap: 2n * CAP, fromEpoch: epoch + 1 })]);
    assert.deepEqual(none, [0n]);
    assert.deepEqual(
      unpackTerms(next[0] ?? 0n),
      await projects.termsAt(owner, { projectId: 2n, epoch: epoch + 1 }),
    );
    assert.equal(seatOf(next[0] ?? 0n, 3), 1);
    assert.deepEqual(project.nodeIds, [1, 3, 2]);
    assert.equal(await projects.budgetAt(owner, { projectId: 2n, epoch }), 2n * CAP);
    const budgets = await projects.readBudgets(owner, { projectId: 2n });
    assert.deepEqual(budgets, { epoch, budget: 2n * CAP, nextBudget: 3n * 2n * CAP });
    assert.deepEqual(await projects.chargeableSeats(owner, { projectId: 2n, epoch: epoch + 1 }), {
      seats: [0, 1, 2],
      cap: 2n * CAP,
    });
  });

  it("growth counts from the running epoch, and terms of the next get the same", async () => {
    const epoch = await net.epoch();
    const growth = { projectId: 2n, cap: 2n * CAP, nodeIds: [1] };
    const poor = await rejectsCode(projects.grow(owner, growth), "TOO_LITTLE_AVAILABLE");
    assert.match(poor.next ?? "", /credit deposit 2/);
    await escrow.deposit(owner, { projectId: 2n, amount: 100n * CAP });
    await rejectsCode(projects.grow(owner, { ...growth, cap: CAP - 1n }), "CAP_WOULD_SHRINK");
    assert.equal((await projects.grow(owner, growth)).fromEpoch, epoch);
    const terms = await Promise.all(
      [epoch, epoch + 1].map((at) => projects.termsAt(owner, { projectId: 2n, epoch: at })),
    );
    assert.deepEqual(terms, [
      { nodeIds: [4, 2, 1], cap: 2n * CAP, fromEpoch: epoch },
      { nodeIds: [1, 3, 2], cap: 2n * CAP, fromEpoch: epoch + 1 },
    ]);
    const facts = await getFacts({
      client: owner.publicClient,
      network: net.network,
      fromBlock: 0n,
      toBlock: await owner.publicClient.getBlockNumber(),
    });
    const told = facts.flatMap((fact) =>
      fact.kind === "TermsSet" && fact.args.projectId === 2n ? [fact.args] : [],
    );
    for (const [i, at] of [epoch, epoch + 1].entries()) {
      const { nodeIds, cap, fromEpoch } = termsOfEpoch(told, at) ?? assert.fail();
      assert.deepEqual({ nodeIds, cap, fromEpoch }, terms[i], "the events tell the same");
    }
  });

  it("domains are claimed, given up, and rest", async () => {
    const name = `second.${net.network.zone}`;
    await names.claimDomain(owner, { projectId: 1n, domain: name });
    await names.claimDomain(owner, { projectId: 1n, domain: "shop.example" });
    assert.equal((await lens.resolveAt(owner, { domain: "shop.example", projectId: 1n })).projectId, 1n);
    await names.releaseDomain(owner, { projectId: 1n, domain: name });
    await rejectsCode(names.releaseDomain(owner, { projectId: 1n, domain: name }), "DOMAIN_NOT_CLAIMED");
    assert.equal(
      (await rejectsCode(projects.deploy(stranger, { domain: name, cid: CID }), "NAME_RESTING")).value,
      name,
    );
    const resting = await lens.nameOf(owner, { domain: name });
    assert.deepEqual([resting.standing, resting.projectId], ["Resting", 1n]);
    assert.equal(resting.lastEpoch, (await net.epoch()) + 30);
    assert.equal((await lens.nameOf(owner, { domain: `free.${net.network.zone}` })).standing, "Free");
    const candidates = [domain, name, "shop.example", "b.example"];
    assert.deepEqual(await lens.domainsOf(owner, { projectId: 1n, candidates }), {
      count: 2,
      held: [domain, "shop.example"],
    });
    await rejectsCode(
      names.claimDomain(owner, { projectId: 1n, domain: `www.${net.network.zone}` }),
      "NAME_IS_RESERVED",
    );
  });

  it("the network keeps the same names for itself as the sdk says", async () => {
    const labels =
      "www api app admin mail smtp ns1 ns2 ns3 ns4 dns status docs wpad isatap autodiscover autoconfig mta-sts login account security abuse postmaster play cdn gateway ipfs ipns www1 blog statuses n1 p2 v3 p1a nodes".split(
        " ",
      );
    const { zone } = net.network;
    const refusals = await Promise.all(
      labels.map(async (label) => {
        const call = names.claimDomain.call(owner, { projectId: 1n, domain: `${label}.${zone}` });
        try {
          await owner.publicClient.simulateContract({ ...call, account: ownerAccount });
          return undefined;
        } catch (cause) {
          return (contractError(cause) as Worker3Error).code;
        }
      }),
    );
    const here = labels.map((label) => {
      try {
        zoneLabel(`${label}.${zone}`, zone);
        return isReservedName(label) ? "NAME_IS_RESERVED" : undefined;
      } catch (error) {
        return (error as Worker3Error).code;
      }
    });
    assert.deepEqual(refusals, here);
    assert.deepEqual(
      labels.filter((_, i) => here[i] === undefined),
      ["ns4", "ipns", "www1", "blog", "statuses", "p1a"],
    );
  });

  it("a project changes hands in two steps; its meter is cleared", async () => {
    await setMeter(owner, { projectId: 1n, meter: operator.address });
    assert.equal((await lens.projectOf(owner, { projectId: 1n })).meter, operator.address);
    await rejectsCode(
      projects.acceptOwnership(stranger, { projectId: 1n, domains: ["shop.example"] }),
      "NOT_PENDING_PROJECT_OWNER",
    );
    await projects.transferOwnership(owner, { projectId: 1n, newOwner: delegate.address });
    await projects.acceptOwnership(stranger, { projectId: 1n, domains: ["shop.example"] });
    const { owner: newOwner, meter } = await lens.projectOf(owner, { projectId: 1n });
    assert.deepEqual([newOwner, meter], [delegate.address, undefined]);
    assert.equal(await names.projectAt(owner, { domain: "shop.example", who: delegate.address }), 1n);
    assert.equal(
      await names.projectAt(owner, { domain: "shop.example", who: ownerAccount.address }),
      undefined,
    );
  });

  it("a summary holds the project and its money", async () => {
    await escrow.deposit(owner, { projectId: 3n, amount: 10n * CAP });
    const summary = await projects.projectSummary(owner, { projectId: 3n });
    assert.equal(summary.project.projectId, 3n);
    assert.equal(summary.account.balance, 10n * CAP);
    assert.deepEqual(
      [summary.available, summary.budget, summary.nextBudget, summary.runway],
      [10n * CAP, CAP, CAP, { epochs: 10n, runwaySeconds: 36_000n }],
    );
    const read = await lens.readProjects(owner, { projectIds: [3n, 99n, 1n] });
    assert.deepEqual(
      read.map((project) => project?.projectId),
      [3n, undefined, 1n],
    );
  });

  it("a closed project has no seats from the next epoch on, and takes nothing new", async () => {
    const epoch = await net.epoch();
    assert.equal((await projects.close(owner, { projectId: 3n })).closedFrom, epoch + 1);
    const project = await lens.projectOf(owner, { projectId: 3n });
    assert.deepEqual([project.closedFrom, project.nodeIds], [epoch + 1, []]);
    await rejectsCode(projects.addVersion(owner, { projectId: 3n, cid: CID, live: true }), "PROJECT_CLOSED");
  });

  it("the network's zone and its bounds of a cap are read", async () => {
    assert.equal(await names.zone(owner), net.network.zone);
    assert.equal(await projects.defaultCap(owner), 1_000_000n);
    assert.equal(await projects.maxCap(owner), 10_000_000n);
  });
});
