import type { Hex } from "viem";
import { networkHelpers } from "./network.ts";
import type { Network } from "./scenario.ts";

/**
 * What the settlement asks of the node registry at the end of a decision, asked in its name: any amount, in any epoch. The
 * tokens stay where they are, and the escrow may fetch them.
 */
export async function slashAsSettlement(t: Network, nodeId: number, amount: bigint): Promise<Hex> {
  const { address } = t.settlement;
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 18n);
  return t.nodes.write.slash([nodeId, amount, t.escrow.address], { account: address });
}
