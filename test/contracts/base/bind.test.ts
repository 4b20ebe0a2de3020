import assert from "node:assert/strict";
import { type Address, type Hex, zeroAddress } from "viem";
import { deployEscrow, deployNodes, deployProjects, deploySettlement, timesOf } from "../support/hostile.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { addressOf, assertions, type Network } from "../support/scenario.ts";

/** The contracts before anything is bound. There is no lens: nothing that is bound knows of one. */
async function withUnbound() {
  const t = await deployNetwork();
  const nodes = await deployNodes(t);
  const projects = await deployProjects(t, nodes.address);
  const escrow = await deployEscrow(t, projects.address);
  const settlement = await deploySettlement(t, nodes.address, projects.address, escrow.address);
  return { ...t, nodes, projects, escrow, settlement };
}

type Bind = (settlement: Address, by?: Address) => Promise<Hex>;

const parts = ({ nodes, projects, escrow, deployer }: Network) => {
  const [toNodes, toProjects, toEscrow]: [Bind, Bind, Bind] = [
    (settlement, account = addressOf(deployer)) => nodes.write.bind([settlement], { account }),
    (settlement, account = addressOf(deployer)) => projects.write.bind([settlement], { account }),
    (settlement, account = addressOf(deployer)) => escrow.write.bind([settlement], { account }),
  ];
  return [
    { contract: nodes, bind: toNodes },
    { contract: projects, bind: toProjects },
    { contract: escrow, bind: toEscrow },
  ] as const;
};

const settlementOf = (t: Network, contract: { address: Address }) =>
  t.publicClient.readContract({ address: contract.address, abi: t.nodes.abi, functionName: "settlement" });

describe("bind", () => {
  it("names the settlement of each of the three", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    for (const { contract, bind } of parts(t)) {
      assert.equal(await settlementOf(t, contract), zeroAddress);
      await assertions.emitWithArgs(bind(t.settlement.address), contract, "Bound", [t.settlement.address]);
      assert.equal((await settlementOf(t, contract)).toLowerCase(), t.settlement.address.toLowerCase());
    }
  });

  it("is done after the deployment", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const { contract } of parts(t)) {
      assert.equal((await settlementOf(t, contract)).toLowerCase(), t.settlement.address.toLowerCase());
    }
  });

  it("is for the deployer alone: no role can do it", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    for (const { contract, bind } of parts(t)) {
      for (const wallet of [t.admin, t.guardian, t.stranger]) {
        await assertions.revertWithCustomErrorWithArgs(
          bind(t.settlement.address, wallet.account.address),
          contract,
          "NotBinder",
          [wallet.account.address, addressOf(t.deployer)],
        );
      }
    }
  });

  it("happens once: nobody, not even the deployer, names another settlement", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    for (const { contract, bind } of parts(t)) {
      await bind(t.settlement.address);
      await assertions.revertWithCustomErrorWithArgs(bind(t.settlement.address), contract, "AlreadyBound", [
        t.settlement.address,
      ]);
    }
    const deployed = await networkHelpers.loadFixture(deployNetwork);
    for (const { contract, bind } of parts(deployed)) {
      await assertions.revertWithCustomErrorWithArgs(bind(addressOf(t.stranger)), contract, "AlreadyBound", [
        deployed.settlement.address,
      ]);
    }
  });

  it("refuses the settlement of another network", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    const nodes = await deployNodes(t);
    const projects = await deployProjects(t, nodes.address);
    const escrow = await deployEscrow(t, projects.address);
    const { address } = await deploySettlement(t, nodes.address, projects.address, escrow.address);
    for (const { contract, bind } of parts(t)) {
      await assertions.revertWithCustomErrorWithArgs(bind(address), contract, "WrongSettlement", [address]);
      assert.equal(await settlementOf(t, contract), zeroAddress);
    }
  });

  it("refuses a settlement that was given another part of the network", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    const otherNodes = await deployNodes(t);
    const otherProjects = await deployProjects(t, t.nodes.address);
    const otherEscrow = await deployEscrow(t, t.projects.address);
    const { nodes, projects, escrow } = t;
    const [ofNodes, ofProjects, ofEscrow] = parts(t);
    for (const [built, refusing] of [
      [
        [otherNodes, projects, escrow],
        [ofNodes, ofProjects],
      ],
      [
        [nodes, otherProjects, escrow],
        [ofProjects, ofEscrow],
      ],
      [[nodes, projects, otherEscrow], [ofEscrow]],
    ] as const) {
      const [a, b, c] = built;
      const { address } = await deploySettlement(t, a.address, b.address, c.address);
      for (const { contract, bind } of refusing) {
        await assertions.revertWithCustomErrorWithArgs(bind(address), contract, "WrongSettlement", [address]);
      }
    }
  });

  it("refuses a settlement with another time line", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    for (const change of [
      { genesis: timesOf(t).genesis - 1 },
      { epochSeconds: 21 },
      { decide: 4 },
      { stakeThaw: 20 },
    ]) {
      // It names this very escrow and its projects; but its epochs are those of other nodes.
      const nodes = await deployNodes(t, { times: { ...timesOf(t), ...change } });
      const { address } = await deploySettlement(t, nodes.address, t.projects.address, t.escrow.address);
      await assertions.revertWithCustomErrorWithArgs(
        t.escrow.write.bind([address]),
        t.escrow,
        "WrongSettlement",
        [address],
      );
    }
  });

  it("refuses an account that is no settlement", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    for (const { contract, bind } of parts(t)) {
      for (const address of [t.stranger.account.address, zeroAddress, t.usd.address]) {
        await assertions.revert(bind(address));
      }
      assert.equal(await settlementOf(t, contract), zeroAddress);
    }
  });

  it("leaves nobody in charge before: an unbound contract obeys no one", async () => {
    const t = await networkHelpers.loadFixture(withUnbound);
    for (const account of [addressOf(t.deployer), t.settlement.address]) {
      await networkHelpers.impersonateAccount(account);
      await networkHelpers.setBalance(account, 10_000n * 10n ** 18n); // what the deployer has: later tests go on with it
      await assertions.revertWithCustomErrorWithArgs(
        t.escrow.write.pay([account, 0n, 0n], { account }),
        t.escrow,
        "NotSettlement",
        [account],
      );
    }
  });
});
