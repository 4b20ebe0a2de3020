import assert from "node:assert/strict";
import { getFacts } from "../../events/getFacts.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as escrow from "../escrow/index.ts";
import * as lens from "../lens/index.ts";
import * as nodes from "../nodes/index.ts";
import * as projects from "../projects/index.ts";
import * as names from "./index.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

describe("names on a chain", () => {
  let net: TestNetwork;
  let owner: NetworkWriter;
  let stranger: NetworkWriter;
  let domain: string;

  before(async () => {
    net = await createTestNetwork();
    [owner, stranger] = [await net.as(testAccount(1)), await net.as(testAccount(2))];
    domain = `shop.${net.network.zone}`;
    const admin = await net.as(testAccount(0));
    await nodes.register(admin, {
      operator: testAccount(3).address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 100_000_000n,
    });
    await nodes.setPresence(admin, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
    await projects.deploy(owner, { domain, cid: CID });
  });
  after(() => net.stop());

  it("what is served at a name is there for ENS resolvers, by name and by project", async () => {
    const hash = await lens.contenthash(owner, { domain });
    assert.match(hash, /^0xe30101701220[0-9a-f]{64}$/); // EIP-1577: ipfs-ns, CIDv1, dag-pb, sha2-256
    assert.equal(await lens.contenthashOf(owner, { projectId: 1n }), hash);
  });

  it("what a node may charge in all is the sum of its seats' caps", async () => {
    const { cap } = await lens.projectOf(owner, { projectId: 1n });
    await projects.createProjectOn(owner, { domain: "a.example", nodeIds: [1], cap: 2n * cap });
    await projects.setBudget(owner, { projectId: 1n, cap: 3n * cap });
    assert.deepEqual(await lens.exposureOf(owner, { nodeId: 1 }), { current: 3n * cap, next: 5n * cap });
    const second = { nodeId: 1, firstProject: 2n, lastProject: 2n };
    assert.deepEqual(await lens.exposureIn(owner, second), { current: 2n * cap, next: 2n * cap });
    const agent = await net.as(testAccount(3));
    await rejectsCode(projects.leaveSeats(stranger, { nodeId: 1, projectIds: [2n] }), "NOT_NODE_KEEPER");
    await projects.leaveSeats(agent, { nodeId: 1, projectIds: [2n, 1n] });
    assert.deepEqual(await lens.exposureOf(owner, { nodeId: 1 }), { current: 3n * cap, next: 0n });
  });

  it("the name of a project that cannot pay lapses 90 epochs after that was noticed, and not before", async () => {
    const lapsing = await rejectsCode(names.lapse(stranger, { domain }), "NOT_NOTICED");
    assert.match(lapsing.next ?? "", /noticeLapse/);
    const soon = await rejectsCode(names.noticeLapse(stranger, { domain }), "NOTICED_TOO_SOON");
    assert.equal(soon.value, domain);
    await rejectsCode(names.noticeLapse(stranger, { domain: "a.example" }), "NOT_IN_ZONE");
    const noticedAt = (await net.epoch()) + 2;
    await net.toEpoch(noticedAt);
    const notice = await names.noticeLapse(stranger, { domain });
    assert.deepEqual([notice.projectId, notice.lastEpoch], [1n, noticedAt + 90]);
    assert.equal((await lens.nameOf(owner, { domain })).noticedAt, noticedAt);
    await rejectsCode(names.noticeLapse(stranger, { domain }), "ALREADY_NOTICED");
    await net.toEpoch(noticedAt + 90);
    const early = await rejectsCode(names.lapse(stranger, { domain }), "NOT_LAPSED");
    assert.match(early.message, new RegExp(`after epoch ${noticedAt + 90}`));
    await net.toEpoch(noticedAt + 91);
    await escrow.deposit(owner, { projectId: 1n, amount: 100_000_000n });
    const funded = await rejectsCode(names.lapse(stranger, { domain }), "STILL_FUNDED");
    assert.match(funded.message, /100 of credit/);
  });

  it("the events tell why a domain is no longer a project's, and that a claim comes before its project", async () => {
    const second = `second.${net.network.zone}`;
    await names.claimDomain(owner, { projectId: 1n, domain: second });
    await names.releaseDomain(owner, { projectId: 1n, domain: second });
    const facts = await getFacts({
      client: owner.publicClient,
      network: net.network,
      fromBlock: 0n,
      toBlock: await owner.publicClient.getBlockNumber(),
    });
    const released = facts.find((fact) => fact.kind === "DomainReleased");
    assert.ok(released?.kind === "DomainReleased");
    assert.deepEqual(released.args, { projectId: 1n, domain: second, reason: "GivenUp" });
    assert.equal(released.contract, "nameRegistry");
    const kinds = facts.map(({ kind }) => kind);
    assert.ok(kinds.indexOf("DomainClaimed") < kinds.indexOf("ProjectCreated"));
    const [claimed, created] = [
      facts[kinds.indexOf("DomainClaimed")],
      facts[kinds.indexOf("ProjectCreated")],
    ];
    assert.equal(claimed?.txHash, created?.txHash);
    const noticed = facts.find((fact) => fact.kind === "LapseNoticed");
    assert.ok(noticed?.kind === "LapseNoticed" && noticed.args.domain === domain);
    const present = facts.find((fact) => fact.kind === "PresenceSet");
    assert.ok(present?.kind === "PresenceSet" && present.args.leastCap === 0n);
  });
});
