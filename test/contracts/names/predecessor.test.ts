import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { deployNetworkWith, parameters, viem } from "../support/network.ts";
import { addressOf, by, CAP, load, refused, retireNode, STANDING, setPresence } from "../support/projects.ts";
import { cidOf, currentEpoch, moveToEpoch, registerNode, zoneName } from "../support/scenario.ts";

const KEPT = 40;
const [SITE, GIVEN_UP, CLOSED, FREE] = ["site", "given-up", "closed", "free"].map(zoneName) as [
  string,
  string,
  string,
  string,
];

/** A network in which names are held, given up and closed; and the one that succeeds it. */
async function withSuccessor() {
  const old = await deployNetworkWith(parameters);
  await registerNode(old);
  await old.projects.write.deploy([SITE, cidOf("one")], by(old.owner));
  await old.projects.write.deploy([GIVEN_UP, cidOf("one")], by(old.owner));
  await old.names.write.releaseDomain([2n, GIVEN_UP], by(old.owner));
  await old.projects.write.deploy([CLOSED, cidOf("one")], by(old.owner));
  await old.projects.write.close([3n], by(old.owner));

  const t = await deployNetworkWith({
    ...parameters,
    asset: old.usd.address,
    predecessor: old.names.address,
    keptEpochs: KEPT,
  });
  await registerNode(t);
  return { ...t, old, keptUntil: await t.names.read.keptUntil() };
}

describe("A network that succeeds another", () => {
  it("keeps each name for the owner that it has there", async () => {
    const t = await load(withSuccessor);
    const deploy = (domain: string, wallet: typeof t.owner) =>
      t.projects.write.deploy([domain, cidOf("two")], by(wallet));
    assert.equal(await t.names.read.predecessor(), t.old.names.address);
    for (const domain of [SITE, GIVEN_UP, CLOSED]) {
      const kept = [domain, addressOf(t.owner), t.keptUntil] as const;
      await refused(deploy(domain, t.stranger), t.names, "NameKept", [...kept]);
      assert.deepEqual(await t.lens.read.nameOf([domain]), [
        STANDING.kept,
        addressOf(t.owner),
        0n,
        t.keptUntil,
        0,
      ]);
      assert.equal(await t.names.read.projectAt([domain, addressOf(t.owner)]), 0n);
      await deploy(domain, t.owner);
      await refused(deploy(domain, t.stranger), t.names, "NameTaken", [addressOf(t.owner)]);
    }
    // What is free there is free here.
    await deploy(FREE, t.stranger);
  });

  it("asks there who the owner is now", async () => {
    const t = await load(withSuccessor);
    await t.old.projects.write.transferOwnership([1n, addressOf(t.stranger)], by(t.owner));
    await t.old.projects.write.acceptOwnership([1n, []], by(t.stranger));
    const claim = (wallet: typeof t.owner) => t.projects.write.createProjectOn([SITE, [1], CAP], by(wallet));
    await refused(claim(t.owner), t.names, "NameKept", [SITE, addressOf(t.stranger), t.keptUntil]);
    await claim(t.stranger);
  });

  it("keeps them through the last of the epochs that it says, and no longer", async () => {
    const t = await load(withSuccessor);
    const deploy = () => t.projects.write.deploy([SITE, cidOf("two")], by(t.stranger));
    await moveToEpoch(t, t.keptUntil);
    await setPresence(t, 1, t.keptUntil + 9);
    await refused(deploy(), t.names, "NameKept", [SITE, addressOf(t.owner), t.keptUntil]);
    await moveToEpoch(t, t.keptUntil + 1);
    assert.deepEqual(await t.lens.read.nameOf([SITE]), [STANDING.free, zeroAddress, 0n, 0, 0]);
    await deploy();
  });

  it("does not keep what its owner claimed here and gave up again", async () => {
    const t = await load(withSuccessor);
    await t.projects.write.deploy([SITE, cidOf("two")], by(t.owner));
    await t.names.write.releaseDomain([1n, SITE], by(t.owner));
    const epoch = await currentEpoch(t);
    const deploy = () => t.projects.write.deploy([SITE, cidOf("two")], by(t.stranger));
    await refused(deploy(), t.names, "NameResting", [SITE, epoch + 30]);
    await moveToEpoch(t, epoch + 31);
    await setPresence(t, 1, epoch + 40);
    await deploy();
  });

  it("gives a reserved name to nobody while somebody other than the keeper has it there", async () => {
    const t = await load(withSuccessor);
    await t.old.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(t.deployer));
    await t.old.projects.write.transferOwnership([4n, addressOf(t.owner)], by(t.deployer));
    await t.old.projects.write.acceptOwnership([4n, []], by(t.owner));
    const deploy = (wallet: typeof t.owner) =>
      t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(wallet));
    await refused(deploy(t.owner), t.names, "NameIsReserved", [zoneName("docs")]);
    const kept = [zoneName("docs"), addressOf(t.owner), t.keptUntil] as const;
    await refused(deploy(t.deployer), t.names, "NameKept", [...kept]);
  });

  it("leaves the network before as it is: its nodes and projects go on", async () => {
    const t = await load(withSuccessor);
    await retireNode(t, 1);
    await t.old.projects.write.deploy([SITE, cidOf("three")], by(t.owner));
    assert.equal((await t.old.lens.read.projectOf([1n])).versions, 2);
  });
});

describe("The rules of a network's names", () => {
  const deploy = async (t: Awaited<ReturnType<typeof withSuccessor>>, rules: object) =>
    viem.deployContract("ProjectRegistry", [
      t.accessManager.address,
      t.nodes.address,
      {
        zone: parameters.zone,
        nameKeeper: addressOf(t.deployer),
        predecessor: zeroAddress,
        keptEpochs: 0,
        ...rules,
      },
      Number(parameters.defaultCap),
      Number(parameters.maxCap),
    ]);

  it("refuse a predecessor of another zone, names kept for longer than a lapse takes, and epochs for nobody", async () => {
    const t = await load(withSuccessor);
    const predecessor = t.old.names.address;
    const wrong = async (rules: { zone?: string; predecessor?: typeof predecessor; keptEpochs: number }) =>
      refused(deploy(t, rules), t.names, "WrongPredecessor", [
        rules.predecessor ?? zeroAddress,
        rules.keptEpochs,
      ]);
    await wrong({ zone: "another.localhost", predecessor, keptEpochs: 1 });
    await wrong({ predecessor, keptEpochs: 91 });
    await wrong({ keptEpochs: 1 });
    const projects = await deploy(t, { predecessor, keptEpochs: 90 });
    const names = await viem.getContractAt("NameRegistry", await projects.read.nameRegistry());
    assert.equal(await names.read.keptUntil(), (await currentEpoch(t)) + 90);
    assert.equal(await names.read.zone(), parameters.zone);
  });

  it("refuse a zone below which no name could ever be claimed", async () => {
    const t = await load(withSuccessor);
    for (const zone of ["localhost", "Worker3.org", ".org", "worker3.1", ""]) {
      await refused(deploy(t, { zone }), t.names, "ZoneIsNoDomain", [zone]);
    }
  });

  it("are there to be read", async () => {
    const t = await load(withSuccessor);
    assert.equal(await t.names.read.zone(), "worker3.localhost");
    assert.equal(await t.names.read.nameKeeper(), addressOf(t.deployer));
    assert.equal(await t.old.names.read.predecessor(), zeroAddress);
    assert.equal(await t.old.names.read.keptUntil(), 0);
    assert.equal(await t.names.read.projectRegistry(), t.projects.address);
    assert.deepEqual(await t.names.read.times(), await t.projects.read.times());
  });
});
