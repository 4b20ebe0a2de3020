import assert from "node:assert/strict";
import { encodeFunctionData, zeroAddress } from "viem";
import { networkHelpers, viem } from "../support/network.ts";
import {
  addressOf,
  BASE,
  by,
  callAsAdmin,
  DEFAULT_CAP,
  eventsOf,
  load,
  MAX_CAP,
  PROJECT,
  type ProjectNetwork,
  refused,
  withProject,
} from "../support/projects.ts";
import { fundWallet, USD } from "../support/scenario.ts";

const setMaxCap = (t: ProjectNetwork, maxCap: number) =>
  callAsAdmin(t, t.projects.address, { abi: t.projects.abi, functionName: "setMaxCap", args: [maxCap] });

describe("ProjectRegistry.setMaxCap", () => {
  it("sets the highest cap, from the default cap up", async () => {
    const t = await load(withProject);
    for (const maxCap of [2 * MAX_CAP, DEFAULT_CAP, 2 ** 40 - 1]) {
      assert.deepEqual(await eventsOf(t, setMaxCap(t, maxCap)), [{ eventName: "ParametersSet", maxCap }]);
      assert.equal(await t.projects.read.maxCap(), maxCap);
    }
  });

  it("bounds the caps that are set from then on, and no cap that stands", async () => {
    const t = await load(withProject);
    const set = (cap: number) => t.projects.write.setBudget([PROJECT, cap], by(t.owner));
    await set(MAX_CAP);
    await setMaxCap(t, MAX_CAP - 1);
    await refused(set(MAX_CAP), t.projects, "CapOutOfBounds", [MAX_CAP, BASE, MAX_CAP - 1]);
    assert.equal((await t.lens.read.projectOf([PROJECT])).cap, MAX_CAP);
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).cap, MAX_CAP);
    await setMaxCap(t, MAX_CAP + 1);
    await fundWallet(t, t.stranger, USD);
    await t.nodes.write.addStake([4, USD], by(t.stranger)); // its stake was for MAX_CAP and no more
    await set(MAX_CAP + 1);
  });

  it("never goes below the default cap", async () => {
    const t = await load(withProject);
    for (const maxCap of [0, DEFAULT_CAP - 1]) {
      await refused(setMaxCap(t, maxCap), t.projects, "MaxCapOutOfBounds", [maxCap, DEFAULT_CAP]);
    }
  });

  it("is for the role of parameters, after its delay", async () => {
    const t = await load(withProject);
    const set = (wallet: typeof t.owner) => t.projects.write.setMaxCap([2 * MAX_CAP], by(wallet));
    for (const wallet of [t.owner, t.deployer, t.guardian, t.arbiter]) {
      await refused(set(wallet), t.projects, "AccessManagedUnauthorized", [addressOf(wallet)]);
    }
    const data = encodeFunctionData({ abi: t.projects.abi, functionName: "setMaxCap", args: [2 * MAX_CAP] });
    const operation = await t.accessManager.read.hashOperation([
      addressOf(t.admin),
      t.projects.address,
      data,
    ]);
    await refused(set(t.admin), t.accessManager, "AccessManagerNotScheduled", [operation]);
    await t.accessManager.write.schedule([t.projects.address, data, 0], by(t.admin));
    await refused(set(t.admin), t.accessManager, "AccessManagerNotReady", [operation]);
    await networkHelpers.time.increase(t.parameters.parameterDelaySeconds);
    await set(t.admin);
    assert.equal(await t.projects.read.maxCap(), 2 * MAX_CAP);
  });
});

describe("The default cap of a network", () => {
  it("is one that a node with the least stake can take, and no more than the highest", async () => {
    const t = await load(withProject);
    const deploy = (defaultCap: number, maxCap: number) =>
      viem.deployContract("ProjectRegistry", [
        t.accessManager.address,
        t.nodes.address,
        {
          zone: t.parameters.zone,
          nameKeeper: addressOf(t.deployer),
          predecessor: zeroAddress,
          keptEpochs: 0,
        },
        defaultCap,
        maxCap,
      ]);
    const { minStake } = t.parameters;
    const most = Math.floor(Number(minStake) / 120);
    const needed = 120n * BigInt(most + 1);
    await refused(deploy(most + 1, MAX_CAP), t.projects, "DefaultCapOutOfBounds", [
      most + 1,
      needed,
      minStake,
    ]);
    await refused(deploy(most, most - 1), t.projects, "MaxCapOutOfBounds", [most - 1, most]);
    const projects = await deploy(most, most);
    assert.deepEqual([await projects.read.defaultCap(), await projects.read.maxCap()], [most, most]);
  });
});
