import { gasOfCredit } from "./support/gasOfCredit.ts";
import { gasOfNodes, gasOfNodesLeaving } from "./support/gasOfNodes.ts";
import { gasOfProjects } from "./support/gasOfProjects.ts";
import { gasOfUsage } from "./support/gasOfUsage.ts";
import { gasOfVouchers } from "./support/gasOfVouchers.ts";
import { createNotes, simulateNetwork } from "./support/simulateNetwork.ts";
import type { Result } from "./table.ts";

/**
 * Gas of the contracts' calls on a simulated chain, compiled as they are deployed. Each figure is what the transaction
 * used: intrinsic costs included, refunds deducted. Two runs give the same: accounts, clock and draws are fixed.
 * Beside them, the same by cumulative vouchers, settled as often; see `scripts/bench/contracts/VoucherEscrow.sol`.
 */
export async function gas(): Promise<Result> {
  const network = await simulateNetwork();
  const { rows, note } = createNotes(network);
  await network.nextEpoch(); // epoch 0 is special: its ring words are zero
  await gasOfNodes(network, note);
  await gasOfProjects(network, note);
  const [project = 0n] = await gasOfUsage(network, note);
  await gasOfCredit(network, project, note);
  await gasOfNodesLeaving(network, note);
  await note("pause", network.settlement.write.pause({ account: network.guardian.account }));

  const vouchers = await gasOfVouchers(network);
  return {
    bench: "gas",
    rows: rows.map((row) => (row.what in vouchers ? { ...row, nearest: vouchers[row.what] } : row)),
  };
}
