import assert from "node:assert/strict";
import {
  addressOf,
  BASE,
  by,
  CAP,
  DOMAIN,
  eventsOf,
  fund,
  load,
  PROJECT,
  type ProjectNetwork,
  REASON,
  refused,
  setPresence,
  withProject,
} from "../support/projects.ts";
import { createProject, moveToEpoch, nextEpoch, submitUsage, USD, zoneName } from "../support/scenario.ts";

/** What project 1 may charge an epoch. */
const BUDGET = 3n * USD;
const CUSTOM = "example.org";

const notice = ({ names, stranger }: ProjectNetwork, domain = DOMAIN) =>
  names.write.noticeLapse([domain], by(stranger));
const lapse = ({ names, stranger }: ProjectNetwork, domain = DOMAIN) =>
  names.write.lapse([domain], by(stranger));

/** Notices in `epoch`, is refused in `epoch + 90` and lapses in `epoch + 91`. */
async function lapsesAfter(t: ProjectNetwork, epoch: number, domain = DOMAIN) {
  await moveToEpoch(t, epoch);
  await notice(t, domain);
  await moveToEpoch(t, epoch + 90);
  await refused(lapse(t, domain), t.names, "NotLapsed", [domain, epoch + 90]);
  await moveToEpoch(t, epoch + 91);
  const [released] = await eventsOf(t, lapse(t, domain));
  assert.equal(released?.eventName, "DomainReleased");
}

describe("NameRegistry.noticeLapse", () => {
  it("says that a project could not pay an epoch, and from when its name may be taken", async () => {
    const t = await load(withProject);
    assert.deepEqual(await eventsOf(t, notice(t)), [
      {
        eventName: "LapseNoticed",
        projectId: PROJECT,
        domain: DOMAIN,
        noticedAt: t.epoch,
        lastEpoch: t.epoch + 90,
      },
    ]);
    assert.equal((await t.names.read.standingOf([DOMAIN]))[4], t.epoch);
    await nextEpoch(t);
    await refused(notice(t), t.names, "AlreadyNoticed", [DOMAIN, t.epoch]);
  });

  it("waits for the epoch after the one in which credit or terms changed", async () => {
    const t = await load(withProject);
    const changed = () => nextEpoch(t);
    await fund(t, PROJECT, 1n);
    await refused(notice(t), t.names, "NoticedTooSoon", [DOMAIN, t.epoch]);
    await changed();
    await t.projects.write.setBudget([PROJECT, 2 * CAP], by(t.owner));
    await refused(notice(t), t.names, "NoticedTooSoon", [DOMAIN, t.epoch + 2]);
    await moveToEpoch(t, t.epoch + 2);
    await refused(notice(t), t.names, "NoticedTooSoon", [DOMAIN, t.epoch + 2]);
    await moveToEpoch(t, t.epoch + 3);
    await notice(t);
  });

  it("refuses a project that has credit for one epoch", async () => {
    const t = await load(withProject);
    await fund(t, PROJECT, BUDGET);
    await nextEpoch(t);
    await refused(notice(t), t.names, "StillFunded", [DOMAIN, BUDGET, BUDGET]);
    await fund(t, PROJECT, 1n);
    await nextEpoch(t);
    await refused(notice(t), t.names, "StillFunded", [DOMAIN, BUDGET + 1n, BUDGET]);
    // What thaws is still there: a name lapses for want of credit, not for a request.
    await t.escrow.write.requestWithdraw([PROJECT, BUDGET], by(t.owner));
    await refused(notice(t), t.names, "StillFunded", [DOMAIN, BUDGET + 1n, BUDGET]);
  });

  it("measures a project without seats by one seat", async () => {
    const t = await load(withProject);
    const lonely = await createProject(t, { nodeIds: [4], credit: USD - 1n });
    await fund(t, PROJECT, USD);
    for (const nodeId of [1, 2, 3]) await t.projects.write.leaveSeats([[PROJECT], nodeId], by(t.nodeOwner1));
    await t.projects.write.leaveSeats([[lonely], 4], by(t.nodeOwner1));
    await moveToEpoch(t, t.epoch + 5);
    await refused(notice(t), t.names, "StillFunded", [DOMAIN, USD, USD]);
    await notice(t, zoneName(`project-${lonely}`));
  });

  it("counts the newest terms' seats", async () => {
    const t = await load(withProject);
    await t.projects.write.setReplicas([PROJECT, [1, 2]], by(t.owner));
    await fund(t, PROJECT, 2n * USD);
    await moveToEpoch(t, t.epoch + 5);
    await refused(notice(t), t.names, "StillFunded", [DOMAIN, 2n * USD, 2n * USD]);
  });

  it("starts anew for a name that is claimed again", async () => {
    const t = await load(withProject);
    await notice(t);
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    assert.equal((await t.names.read.standingOf([DOMAIN]))[4], 0);
    await t.names.write.claimDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 95);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
  });

  it("refuses names that no project holds, and domains outside the zone, as a lapse does", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    for (const call of [notice, lapse]) {
      await refused(call(t, zoneName("nobodys")), t.names, "NameIsFree", [zoneName("nobodys")]);
      await refused(call(t, CUSTOM), t.names, "NotInZone", [CUSTOM]);
      await refused(call(t, "localhost"), t.names, "DomainHasNoTopLevel", ["localhost"]);
    }
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 100);
    for (const call of [notice, lapse]) await refused(call(t), t.names, "NameIsFree", [DOMAIN]);
  });
});

describe("NameRegistry.lapse", () => {
  it("takes a name 90 epochs after the notice; then it is free at once", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    await moveToEpoch(t, t.epoch + 200);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
    await notice(t);
    await moveToEpoch(t, t.epoch + 290);
    await refused(lapse(t), t.names, "NotLapsed", [DOMAIN, t.epoch + 290]);
    await moveToEpoch(t, t.epoch + 291);
    assert.deepEqual(await eventsOf(t, lapse(t)), [
      { eventName: "DomainReleased", projectId: PROJECT, domain: DOMAIN, reason: REASON.lapsed },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, domains: 0 });
    await refused(lapse(t), t.names, "NameIsFree", [DOMAIN]);
    await setPresence(t, 1, t.epoch + 300);
    await t.projects.write.createProjectOn([DOMAIN, [1], CAP], by(t.stranger));
    assert.equal(await t.names.read.projectAt([DOMAIN, addressOf(t.stranger)]), 2n);
  });

  it("is void after a deposit, however small; then it takes a new notice", async () => {
    const t = await load(withProject);
    await notice(t);
    await moveToEpoch(t, t.epoch + 50);
    await fund(t, PROJECT, 1n);
    await moveToEpoch(t, t.epoch + 100);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
    await lapsesAfter(t, t.epoch + 101);
  });

  it("is void after a deposit in the very epoch of the notice", async () => {
    const t = await load(withProject);
    await notice(t);
    await fund(t, PROJECT, 1n);
    await moveToEpoch(t, t.epoch + 100);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
  });

  it("is void after a change of terms: a budget above the credit is no trap at once", async () => {
    const t = await load(withProject);
    await notice(t);
    await moveToEpoch(t, t.epoch + 50);
    await t.projects.write.setBudget([PROJECT, 2 * CAP], by(t.owner));
    await moveToEpoch(t, t.epoch + 100);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
    await lapsesAfter(t, t.epoch + 101);
  });

  it("is not kept off by a node's dust charges", async () => {
    const t = await load(withProject);
    await fund(t, PROJECT, BUDGET - 1n);
    await nextEpoch(t);
    await notice(t);
    for (let epoch = t.epoch + 10; epoch < t.epoch + 90; epoch += 20) {
      await moveToEpoch(t, epoch);
      await submitUsage(t, { nodeId: 1, epoch: epoch - 1, receipts: [{ projectId: PROJECT }] });
    }
    assert.equal((await t.escrow.read.accountOf([PROJECT])).balance, BUDGET - 1n - 4n * BigInt(BASE));
    await moveToEpoch(t, t.epoch + 92);
    await lapse(t);
  });

  it("is off while the credit pays one epoch again", async () => {
    const t = await load(withProject);
    await notice(t);
    await fund(t, PROJECT, BUDGET);
    await moveToEpoch(t, t.epoch + 100);
    await refused(lapse(t), t.names, "StillFunded", [DOMAIN, BUDGET, BUDGET]);
  });

  it("takes only the name that was noticed, and leaves the project", async () => {
    const t = await load(withProject);
    const name = zoneName("another");
    await t.names.write.claimDomain([PROJECT, name], by(t.owner));
    await lapsesAfter(t, t.epoch + 5, name);
    assert.equal((await t.lens.read.resolve([DOMAIN])).projectId, PROJECT);
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 1);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
  });

  it("takes a name from a closed project too", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    await lapsesAfter(t, t.epoch + 5);
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 0);
  });

  it("lets the owner keep the name by a deposit after 90 epochs, as long as nobody took it", async () => {
    const t = await load(withProject);
    await notice(t);
    await moveToEpoch(t, t.epoch + 120);
    await fund(t, PROJECT, 1n);
    await refused(lapse(t), t.names, "NotNoticed", [DOMAIN]);
    assert.equal((await t.lens.read.resolve([DOMAIN])).projectId, PROJECT);
  });
});
