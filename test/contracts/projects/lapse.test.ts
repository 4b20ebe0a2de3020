import assert from "node:assert/strict";
import {
  addressOf,
  BASE,
  by,
  DEFAULT_CAP,
  DOMAIN,
  eventsOf,
  load,
  PROJECT,
  type ProjectNetwork,
  refused,
  resolve,
  withProject,
} from "../support/projects.ts";
import {
  createProject,
  fundWallet,
  moveToEpoch,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
  zoneName,
} from "../support/scenario.ts";

/** What project 1 may charge an epoch: its default cap on three seats. */
const BUDGET = 3n * USD;

const lapse = ({ projects, stranger }: ProjectNetwork, domain = DOMAIN) =>
  projects.write.lapse([domain], by(stranger));

async function deposit(t: ProjectNetwork, projectId: bigint, amount: bigint) {
  await fundWallet(t, t.stranger, amount);
  await t.escrow.write.deposit([projectId, amount], by(t.stranger));
}

/** Refused in `since + 90`, done in `since + 91`. */
async function lapsesAfter(
  t: ProjectNetwork,
  since: number,
  balance: bigint,
  budget: bigint,
  domain = DOMAIN,
) {
  await moveToEpoch(t, since + 90);
  await refused(lapse(t, domain), t.projects, "NotLapsed", [domain, balance, budget, since + 90]);
  await moveToEpoch(t, since + 91);
  const events = await eventsOf(t, lapse(t, domain));
  assert.deepEqual(
    events.map(({ eventName }) => eventName),
    ["DomainReleased"],
  );
}

describe("ProjectRegistry.lapse", () => {
  it("takes a name from a project that had no credit for 90 epochs; then it is free at once", async () => {
    const t = await load(withProject);
    const { fromEpoch } = await t.projects.read.projectOf([PROJECT]);
    const before = await t.projects.read.projectOf([PROJECT]);
    await moveToEpoch(t, fromEpoch + 90);
    await refused(lapse(t), t.projects, "NotLapsed", [DOMAIN, 0n, BUDGET, fromEpoch + 90]);
    await moveToEpoch(t, fromEpoch + 91);
    assert.deepEqual(await eventsOf(t, lapse(t)), [
      { eventName: "DomainReleased", projectId: PROJECT, domain: DOMAIN },
    ]);
    assert.deepEqual(await t.projects.read.projectOf([PROJECT]), { ...before, domains: 0 });
    await refused(lapse(t), t.projects, "NameFree", [DOMAIN]);
    await t.projects.write.createProject([DOMAIN, [1], DEFAULT_CAP], by(t.stranger));
    assert.equal(await t.projects.read.projectAt([DOMAIN, addressOf(t.stranger)]), 2n);
  });

  it("is not put off by deposits that leave less than one epoch's budget", async () => {
    const t = await load(withProject);
    const { fromEpoch } = await t.projects.read.projectOf([PROJECT]);
    await moveToEpoch(t, t.epoch + 50);
    await deposit(t, PROJECT, BUDGET - 1n);
    await lapsesAfter(t, fromEpoch, BUDGET - 1n, BUDGET);
  });

  it("never lapses while one epoch's budget is there", async () => {
    const t = await load(withProject);
    const { fromEpoch } = await t.projects.read.projectOf([PROJECT]);
    await deposit(t, PROJECT, BUDGET);
    await moveToEpoch(t, t.epoch + 500);
    await refused(lapse(t), t.projects, "NotLapsed", [DOMAIN, BUDGET, BUDGET, fromEpoch + 90]);
  });

  it("starts when a charge leaves less than the budget", async () => {
    const t = await load(withProject);
    await deposit(t, PROJECT, BUDGET);
    await nextEpoch(t);
    await submitUsage(t, { nodeId: 1, epoch: t.epoch, receipts: [{ projectId: PROJECT }] });
    await lapsesAfter(t, t.epoch + 1, BUDGET - BigInt(BASE), BUDGET);
  });

  it("starts when the owner withdraws, not when it asks", async () => {
    const t = await load(withProject);
    const { fromEpoch } = await t.projects.read.projectOf([PROJECT]);
    await deposit(t, PROJECT, BUDGET);
    await t.escrow.write.requestWithdraw([PROJECT, BUDGET], by(t.owner));
    await moveToEpoch(t, t.epoch + 95);
    await refused(lapse(t), t.projects, "NotLapsed", [DOMAIN, BUDGET, BUDGET, fromEpoch + 90]);
    await t.escrow.write.withdraw([PROJECT], by(t.owner));
    await lapsesAfter(t, t.epoch + 95, 0n, BUDGET);
  });

  it("starts anew when the terms change: a budget above the credit is no trap at once", async () => {
    const t = await load(withProject);
    await deposit(t, PROJECT, BUDGET);
    await moveToEpoch(t, t.epoch + 100);
    await t.projects.write.setBudget([PROJECT, 2 * DEFAULT_CAP], by(t.owner));
    await lapsesAfter(t, t.epoch + 101, BUDGET, 2n * BUDGET);
  });

  it("starts with the claim of a name that is younger than the last credit", async () => {
    const t = await load(withProject);
    const name = zoneName("younger");
    await moveToEpoch(t, t.epoch + 80);
    await t.projects.write.claimDomain([PROJECT, name], by(t.owner));
    await lapsesAfter(t, t.epoch + 80, 0n, BUDGET, name);
  });

  it("measures a project without seats by one seat", async () => {
    const t = await load(withProject);
    const lonely = await createProject(t, { nodeIds: [4], credit: USD - 1n });
    await deposit(t, PROJECT, USD);
    await nextEpoch(t);
    for (const nodeId of [1, 2, 3]) await t.projects.write.leave([[PROJECT], nodeId], by(t.nodeOwner1));
    await t.projects.write.leave([[lonely], 4], by(t.nodeOwner1));
    await moveToEpoch(t, t.epoch + 300);
    const from = t.epoch + 2;
    await refused(lapse(t), t.projects, "NotLapsed", [DOMAIN, USD, USD, from + 90]);
    await lapse(t, zoneName(`project-${lonely}`));
  });

  it("counts the newest terms' seats", async () => {
    const t = await load(withProject);
    await registerNode(t);
    await t.projects.write.setReplicas([PROJECT, [1, 2]], by(t.owner));
    await deposit(t, PROJECT, 2n * USD);
    await moveToEpoch(t, t.epoch + 200);
    await refused(lapse(t), t.projects, "NotLapsed", [DOMAIN, 2n * USD, 2n * USD, t.epoch + 91]);
  });

  it("takes only the name that was called, and leaves the project", async () => {
    const t = await load(withProject);
    const name = zoneName("another");
    await t.projects.write.claimDomain([PROJECT, name], by(t.owner));
    await moveToEpoch(t, t.epoch + 100);
    await lapse(t, name);
    const [projectId] = await resolve(t, DOMAIN);
    assert.equal(projectId, PROJECT);
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 1);
  });

  it("takes a name from a closed project too", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    await lapsesAfter(t, t.epoch + 1, 0n, USD);
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 0);
  });

  it("refuses a name that nobody holds, or that was released", async () => {
    const t = await load(withProject);
    await refused(lapse(t, zoneName("nobodys")), t.projects, "NameFree", [zoneName("nobodys")]);
    await t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 100);
    await refused(lapse(t), t.projects, "NameFree", [DOMAIN]);
  });

  it("refuses a domain outside the zone, and what is no domain", async () => {
    const t = await load(withProject);
    await t.projects.write.claimDomain([PROJECT, "example.org"], by(t.owner));
    await moveToEpoch(t, t.epoch + 100);
    await refused(lapse(t, "example.org"), t.projects, "NotInZone", ["example.org"]);
    await refused(lapse(t, "localhost"), t.projects, "DomainTopLevel", ["localhost"]);
  });
});
