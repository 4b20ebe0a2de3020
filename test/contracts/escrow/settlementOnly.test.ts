import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { addressOf, assertions, createProject, registerNode, USD } from "../support/scenario.ts";

const CREDIT = 100n * USD;

async function withProject() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: CREDIT });
  // The other contracts of the network are no settlement either.
  for (const { address } of [t.nodes, t.projects, t.escrow, t.accessManager]) {
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, 10n ** 18n);
  }
  return { ...t, projectId };
}
type WithProject = Awaited<ReturnType<typeof withProject>>;
type Caller = { account: `0x${string}` };

const actions: [string, (t: WithProject, by: Caller) => Promise<`0x${string}`>][] = [
  ["charge", (t, by) => t.escrow.write.charge([[(t.projectId << 64n) | 1n]], by)],
  ["refund", (t, by) => t.escrow.write.refund([t.projectId, 1n], by)],
  ["pay", (t, by) => t.escrow.write.pay([by.account, 1n, 0n], by)],
  ["takeBond", (t, by) => t.escrow.write.takeBond([t.owner.account.address, 1n], by)],
  ["owe", (t, by) => t.escrow.write.owe([by.account, 1n], by)],
  ["takeSlash", (t, by) => t.escrow.write.takeSlash([t.nodes.address, 2n, by.account, 1n], by)],
];

describe("What only the settlement does with credit", () => {
  for (const [name, call] of actions) {
    it(`${name} refuses everyone else: owners, roles, the deployer and the other contracts`, async () => {
      const t = await networkHelpers.loadFixture(withProject);
      const callers = [
        ...t.wallets.map((wallet) => addressOf(wallet)),
        t.nodes.address,
        t.projects.address,
        t.escrow.address,
        t.accessManager.address,
      ];
      for (const account of callers) {
        await assertions.revertWithCustomErrorWithArgs(call(t, { account }), t.escrow, "NotSettlement", [
          account,
        ]);
      }
      assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, CREDIT);
      assert.deepEqual([await t.escrow.read.held(), await t.escrow.read.fees()], [0n, 0n]);
    });
  }
});
