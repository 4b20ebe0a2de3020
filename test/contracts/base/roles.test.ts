import assert from "node:assert/strict";
import { type AbiFunction, type Address, encodeFunctionData, type Hex, toFunctionSelector } from "viem";
import { announce, announceAndWait, ROLES } from "../support/governance.ts";
import { disputeParametersOf, pricesOf } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  type Network,
  nextEpoch,
  registerNode,
  USD,
  type Wallet,
} from "../support/scenario.ts";

const NEW_MIN_STAKE = 2_000n * USD;

const nodeParameters = ({ parameters }: Network, minStake = NEW_MIN_STAKE) =>
  [minStake, parameters.seatStakeFactor, parameters.maxSlashShareBps] as const;
const setMinStake = (t: Network, amount = NEW_MIN_STAKE) =>
  encodeFunctionData({ abi: t.nodes.abi, functionName: "setParameters", args: nodeParameters(t, amount) });
const roleOf = ({ accessManager }: Network, role: bigint, wallet: Wallet) =>
  accessManager.read.hasRole([role, wallet.account.address]);
const cancel = (t: Network, by: Wallet, call = setMinStake(t)) =>
  t.accessManager.write.cancel([t.admin.account.address, t.nodes.address, call], { account: by.account });

/** Every call that is guarded by a role, with values that it would take. */
function guarded(t: Network): { target: { address: Address }; call: Hex; role: bigint }[] {
  const { nodes, projects, escrow, settlement } = t;
  const list = { ...pricesOf(t), fromEpoch: 60 };
  const { admin, parameters, guardian } = ROLES;
  const pause = (contract: { address: Address }) => ({
    target: contract,
    call: encodeFunctionData({ abi: nodes.abi, functionName: "pause" }),
    role: guardian,
  });
  return [
    { target: nodes, call: setMinStake(t), role: parameters },
    {
      target: projects,
      call: encodeFunctionData({
        abi: projects.abi,
        functionName: "setMaxCap",
        args: [Number(t.parameters.maxCap)],
      }),
      role: parameters,
    },
    {
      target: escrow,
      call: encodeFunctionData({
        abi: escrow.abi,
        functionName: "setFeeReceiver",
        args: [addressOf(t.stranger)],
      }),
      role: parameters,
    },
    {
      target: settlement,
      call: encodeFunctionData({ abi: settlement.abi, functionName: "setPrices", args: [list] }),
      role: parameters,
    },
    {
      target: settlement,
      call: encodeFunctionData({
        abi: settlement.abi,
        functionName: "setParameters",
        args: [{ ...disputeParametersOf(t), arbiter: addressOf(t.stranger) }],
      }),
      role: parameters,
    },
    {
      target: settlement,
      call: encodeFunctionData({
        abi: settlement.abi,
        functionName: "setSuccessor",
        args: [addressOf(t.stranger)],
      }),
      role: admin,
    },
    {
      target: settlement,
      call: encodeFunctionData({ abi: settlement.abi, functionName: "suspendDecisions" }),
      role: guardian,
    },
    pause(nodes),
    pause(projects),
    pause(settlement),
  ];
}

const send = (by: Wallet, { target, call }: { target: { address: Address }; call: Hex }) =>
  by.sendTransaction({ to: target.address, data: call, account: by.account, chain: null });

describe("After the deployment, the deployer", () => {
  it("has no role", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const role of Object.values(ROLES)) {
      assert.deepEqual(await roleOf(t, role, t.deployer), [false, 0], `role ${role}`);
    }
  });

  it("may call nothing that is guarded", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const restricted of guarded(t)) {
      await assertions.revertWithCustomErrorWithArgs(
        send(t.deployer, restricted),
        t.nodes,
        "AccessManagedUnauthorized",
        [t.deployer.account.address],
      );
    }
  });

  it("may give itself no role", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const { account } = t.deployer;
    for (const role of Object.values(ROLES)) {
      await assertions.revertWithCustomErrorWithArgs(
        t.accessManager.write.grantRole([role, account.address, 0], { account }),
        t.accessManager,
        "AccessManagerUnauthorizedAccount",
        [account.address, ROLES.admin],
      );
    }
  });
});

describe("After the deployment, the admin", () => {
  it("changes parameters and roles, each after its delay, and does not pause", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const { parameterDelaySeconds, adminDelaySeconds } = t.parameters;
    assert.ok(parameterDelaySeconds > 0 && adminDelaySeconds > 0);
    assert.deepEqual(await roleOf(t, ROLES.parameters, t.admin), [true, parameterDelaySeconds]);
    assert.deepEqual(await roleOf(t, ROLES.admin, t.admin), [true, adminDelaySeconds]);
    assert.deepEqual(await roleOf(t, ROLES.guardian, t.admin), [false, 0]);
  });

  it("makes no guarded call at once, and all but the guardian's after their delay", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const restricted of guarded(t)) {
      if (restricted.role === ROLES.guardian) continue;
      await assertions.revertWithCustomError(
        send(t.admin, restricted),
        t.accessManager,
        "AccessManagerNotScheduled",
      );
      await announceAndWait(t, restricted.target, restricted.call);
      await send(t.admin, restricted);
    }
    assert.equal(await t.nodes.read.minStake(), NEW_MIN_STAKE);
    assert.equal(await t.escrow.read.feeReceiver(), addressOf(t.stranger));
    assert.equal((await t.settlement.read.parameters()).arbiter, addressOf(t.stranger));
    assert.equal(await t.settlement.read.successor(), addressOf(t.stranger));
  });

  it("waits to the second, and an announcement is good for one call and for a week", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const { parameterDelaySeconds } = t.parameters;
    const change = () => t.nodes.write.setParameters(nodeParameters(t), { account: t.admin.account });
    await announce(t, t.nodes, setMinStake(t));
    const announced = await networkHelpers.time.latest();
    await networkHelpers.time.setNextBlockTimestamp(announced + parameterDelaySeconds - 1);
    await assertions.revertWithCustomError(change(), t.accessManager, "AccessManagerNotReady");
    await networkHelpers.time.setNextBlockTimestamp(announced + parameterDelaySeconds);
    await change();
    await assertions.revertWithCustomError(change(), t.accessManager, "AccessManagerNotScheduled");

    await announceAndWait(t, t.nodes, setMinStake(t));
    await networkHelpers.time.increase(7 * 86_400);
    await assertions.revertWithCustomError(change(), t.accessManager, "AccessManagerExpired");
  });

  it("may also let the access manager make the call", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const execute = () =>
      t.accessManager.write.execute([t.nodes.address, setMinStake(t)], { account: t.admin.account });
    await assertions.revertWithCustomError(execute(), t.accessManager, "AccessManagerNotScheduled");
    await announceAndWait(t, t.nodes, setMinStake(t));
    await execute();
    assert.equal(await t.nodes.read.minStake(), NEW_MIN_STAKE);
  });

  it("announces in public: whoever looks sees the call before it counts", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const call = setMinStake(t);
    const hash = await announce(t, t.nodes, call);
    const { blockHash } = await t.publicClient.getTransactionReceipt({ hash });
    const [scheduled] = await t.accessManager.getEvents.OperationScheduled({}, { blockHash });
    assert.equal(scheduled?.args.data, call);
    assert.equal(
      scheduled?.args.schedule,
      (await networkHelpers.time.latest()) + t.parameters.parameterDelaySeconds,
    );
  });

  it("gives a role to nobody at once", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const { account } = t.admin;
    const args = [ROLES.guardian, t.stranger.account.address, 0] as const;
    const grant = () => t.accessManager.write.grantRole(args, { account });
    await assertions.revertWithCustomError(grant(), t.accessManager, "AccessManagerNotScheduled");
    const call = encodeFunctionData({ abi: t.accessManager.abi, functionName: "grantRole", args });
    await announce(t, t.accessManager, call);
    await assertions.revertWithCustomError(grant(), t.accessManager, "AccessManagerNotReady");
    await networkHelpers.time.increase(t.parameters.adminDelaySeconds);
    await grant();
    await t.nodes.write.pause({ account: t.stranger.account });
  });
});

describe("Whoever is granted a role by the admin", () => {
  const grant = (t: Network, role: bigint, delay: number) => {
    const args = [role, t.stranger.account.address, delay] as const;
    const call = encodeFunctionData({ abi: t.accessManager.abi, functionName: "grantRole", args });
    return { call, make: () => t.accessManager.write.grantRole(args, { account: t.admin.account }) };
  };

  for (const role of ["parameters", "admin"] as const) {
    it(`of ${role} waits as long again before the role counts: no delay is left out by a grant without one`, async () => {
      const t = await networkHelpers.loadFixture(deployNetwork);
      await networkHelpers.time.increase(Number(await t.accessManager.read.minSetback()));
      const delay = role === "admin" ? t.parameters.adminDelaySeconds : t.parameters.parameterDelaySeconds;
      assert.equal(await t.accessManager.read.getRoleGrantDelay([ROLES[role]]), delay);

      // The admin waits once, and grants the role to somebody who would not have to wait.
      const { call, make } = grant(t, ROLES[role], 0);
      await announce(t, t.accessManager, call);
      await networkHelpers.time.increase(t.parameters.adminDelaySeconds);
      await make();
      const granted = await networkHelpers.time.latest();
      assert.deepEqual(await roleOf(t, ROLES[role], t.stranger), [false, 0]);
      const use = () =>
        role === "admin"
          ? t.settlement.write.setSuccessor([addressOf(t.stranger)], { account: t.stranger.account })
          : t.nodes.write.setParameters(nodeParameters(t), { account: t.stranger.account });
      await networkHelpers.time.setNextBlockTimestamp(granted + delay - 1);
      await assertions.revertWithCustomErrorWithArgs(use(), t.nodes, "AccessManagedUnauthorized", [
        addressOf(t.stranger),
      ]);
      await networkHelpers.time.setNextBlockTimestamp(granted + delay);
      await use();
    });
  }

  it("to pause does not wait: a guardian that is lost is replaced within the admin's delay", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    assert.equal(await t.accessManager.read.getRoleGrantDelay([ROLES.guardian]), 0);
  });
});

describe("After the deployment, the guardian", () => {
  it("pauses and suspends decisions at once, and does nothing else", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    assert.deepEqual(await roleOf(t, ROLES.guardian, t.guardian), [true, 0]);
    assert.deepEqual(await roleOf(t, ROLES.parameters, t.guardian), [false, 0]);
    assert.deepEqual(await roleOf(t, ROLES.admin, t.guardian), [false, 0]);
    for (const restricted of guarded(t)) {
      if (restricted.role === ROLES.guardian) {
        await send(t.guardian, restricted);
      } else {
        await assertions.revertWithCustomErrorWithArgs(
          send(t.guardian, restricted),
          t.nodes,
          "AccessManagedUnauthorized",
          [t.guardian.account.address],
        );
      }
    }
    assert.notEqual(await t.settlement.read.pausedUntil(), 0);
    assert.notEqual(await t.settlement.read.decisionsSuspendedUntil(), 0);
  });

  it("calls off a change of parameters while it waits", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    await announceAndWait(t, t.nodes, setMinStake(t));
    await cancel(t, t.guardian);
    await assertions.revertWithCustomError(
      t.nodes.write.setParameters(nodeParameters(t), { account: t.admin.account }),
      t.accessManager,
      "AccessManagerNotScheduled",
    );
  });

  it("is the only one besides the admin who calls it off", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    assert.equal(await t.accessManager.read.getRoleGuardian([ROLES.parameters]), ROLES.guardian);
    await announce(t, t.nodes, setMinStake(t));
    for (const by of [t.deployer, t.arbiter, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        cancel(t, by),
        t.accessManager,
        "AccessManagerUnauthorizedCancel",
        [
          by.account.address,
          t.admin.account.address,
          t.nodes.address,
          toFunctionSelector("function setParameters(uint64,uint16,uint16)"),
        ],
      );
    }
    await cancel(t, t.admin);
  });

  it("cannot be locked out of its pause by the admin without the admin's delay", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    await assertions.revertWithCustomError(
      t.accessManager.write.revokeRole([ROLES.guardian, t.guardian.account.address], {
        account: t.admin.account,
      }),
      t.accessManager,
      "AccessManagerNotScheduled",
    );
    await t.nodes.write.pause({ account: t.guardian.account });
  });
});

describe("The roles", () => {
  it("guard these functions and no others", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const expected = new Set(
      guarded(t).map(({ target, call, role }) => `${target.address} ${call.slice(0, 10)} ${role}`),
    );
    const found = new Set<string>();
    for (const { address, abi } of [t.nodes, t.projects, t.escrow, t.settlement]) {
      for (const item of abi as readonly { type: string }[]) {
        if (item.type !== "function") continue;
        const selector = toFunctionSelector(item as AbiFunction);
        const role = await t.accessManager.read.getTargetFunctionRole([address, selector]);
        if (role !== ROLES.admin) found.add(`${address} ${selector} ${role}`);
      }
    }
    // Whatever nobody was given stays with the admin: of what is guarded, one function.
    const admins = [...expected].filter((entry) => entry.endsWith(` ${ROLES.admin}`));
    assert.deepEqual(admins, [
      `${t.settlement.address} ${toFunctionSelector("function setSuccessor(address)")} ${ROLES.admin}`,
    ]);
    for (const entry of admins) expected.delete(entry);
    assert.deepEqual(found, expected);
  });
});

async function withMoney() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: 3_000n * USD });
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 100n * USD });
  await t.escrow.write.requestWithdraw([projectId, 50n * USD], { account: t.owner.account });
  await t.nodes.write.requestUnstake([nodeId, 500n * USD], { account: t.nodeOwner1.account });
  await nextEpoch(t, 20);
  return { ...t, nodeId, projectId };
}
type WithMoney = Awaited<ReturnType<typeof withMoney>>;

interface Attempt {
  target: { address: Address };
  call: Hex;
  /** Asserts that `sent` was refused, and by what. */
  refuses: (sent: Promise<Hex>) => Promise<void>;
}

/** Every call that moves credit or stake, made by `caller` for itself. */
function reaching(t: WithMoney, caller: Address): Attempt[] {
  const { escrow, nodes, projectId, nodeId } = t;
  const deployer = addressOf(t.deployer);
  const ofEscrow = (call: Hex): Attempt => ({
    target: escrow,
    call,
    refuses: (sent) => assertions.revertWithCustomErrorWithArgs(sent, escrow, "NotSettlement", [caller]),
  });
  const ofBind = (target: typeof escrow | typeof nodes): Attempt => ({
    target,
    call: encodeFunctionData({ abi: escrow.abi, functionName: "bind", args: [caller] }),
    refuses: (sent) =>
      caller === deployer
        ? assertions.revertWithCustomErrorWithArgs(sent, escrow, "AlreadyBound", [t.settlement.address])
        : assertions.revertWithCustomErrorWithArgs(sent, escrow, "NotBinder", [caller, deployer]),
  });
  const { abi } = escrow;
  return [
    ofEscrow(encodeFunctionData({ abi, functionName: "pay", args: [caller, USD, 0n] })),
    ofEscrow(encodeFunctionData({ abi, functionName: "owe", args: [caller, USD] })),
    ofEscrow(
      encodeFunctionData({ abi, functionName: "takeSlash", args: [t.nodes.address, USD, caller, USD] }),
    ),
    ofEscrow(encodeFunctionData({ abi, functionName: "refund", args: [projectId, USD] })),
    ofEscrow(encodeFunctionData({ abi, functionName: "charge", args: [[(projectId << 64n) | USD]] })),
    ofEscrow(encodeFunctionData({ abi, functionName: "takeBond", args: [addressOf(t.owner), USD] })),
    {
      target: escrow,
      call: encodeFunctionData({ abi, functionName: "withdraw", args: [projectId] }),
      refuses: (sent) =>
        assertions.revertWithCustomErrorWithArgs(sent, escrow, "NotProjectOwner", [
          projectId,
          caller,
          addressOf(t.owner),
        ]),
    },
    {
      target: nodes,
      call: encodeFunctionData({ abi: nodes.abi, functionName: "slash", args: [nodeId, USD, caller] }),
      refuses: (sent) => assertions.revertWithCustomErrorWithArgs(sent, nodes, "NotSettlement", [caller]),
    },
    {
      target: nodes,
      call: encodeFunctionData({ abi: nodes.abi, functionName: "withdrawStake", args: [nodeId] }),
      refuses: (sent) =>
        assertions.revertWithCustomErrorWithArgs(sent, nodes, "NotNodeOwner", [
          nodeId,
          caller,
          addressOf(t.nodeOwner1),
        ]),
    },
    ofBind(nodes),
    ofBind(escrow),
  ];
}

const holdings = async ({ usd, escrow, nodes }: Network) => [
  await usd.read.balanceOf([escrow.address]),
  await usd.read.balanceOf([nodes.address]),
];

describe("Credits and stakes", () => {
  it("are reached by nobody who has a role", async () => {
    const t = await networkHelpers.loadFixture(withMoney);
    const before = await holdings(t);
    for (const by of [t.admin, t.guardian, t.deployer, t.arbiter]) {
      for (const attempt of reaching(t, addressOf(by))) {
        await attempt.refuses(send(by, attempt));
      }
    }
    assert.deepEqual(await holdings(t), before);
  });

  it("are reached by no call of the access manager, however long it was announced", async () => {
    const t = await networkHelpers.loadFixture(withMoney);
    const before = await holdings(t);
    for (const { target, call, refuses } of reaching(t, t.accessManager.address)) {
      await announceAndWait(t, target, call);
      await refuses(t.accessManager.write.execute([target.address, call], { account: t.admin.account }));
    }
    assert.deepEqual(await holdings(t), before);
  });

  it("are out of reach of an admin who has put another authority over every contract", async () => {
    const t = await networkHelpers.loadFixture(withMoney);
    const before = await holdings(t);
    const takeover = await viem.deployContract("AccessManager", [t.admin.account.address]);
    for (const { address } of [t.nodes, t.projects, t.escrow, t.settlement]) {
      const args = [address, takeover.address] as const;
      const call = encodeFunctionData({ abi: t.accessManager.abi, functionName: "updateAuthority", args });
      const update = () => t.accessManager.write.updateAuthority(args, { account: t.admin.account });
      await assertions.revertWithCustomError(update(), t.accessManager, "AccessManagerNotScheduled");
      await announce(t, t.accessManager, call);
      await networkHelpers.time.increase(t.parameters.adminDelaySeconds);
      await update();
    }
    // It rules now, without a delay; and what it rules has its bounds.
    await t.nodes.write.setParameters([1_000_000n * USD, 200, 5_000], { account: t.admin.account });
    await assertions.revertWithCustomError(
      t.nodes.write.setParameters([1_000_000n * USD + 1n, 200, 5_000], { account: t.admin.account }),
      t.nodes,
      "NodeParametersOutOfBounds",
    );
    for (const attempt of reaching(t, addressOf(t.admin))) await attempt.refuses(send(t.admin, attempt));
    for (const { target, call, refuses } of reaching(t, takeover.address)) {
      await refuses(takeover.write.execute([target.address, call], { account: t.admin.account }));
    }
    assert.deepEqual(await holdings(t), before);
    await t.escrow.write.withdraw([t.projectId], { account: t.owner.account });
    await t.nodes.write.withdrawStake([t.nodeId], { account: t.nodeOwner1.account });
  });
});
