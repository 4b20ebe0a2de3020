import type { Address, Hex } from "viem";
import { networkHelpers } from "./network.ts";
import type { Network } from "./scenario.ts";

/** The roles that the deployment hands out, by their number in the access manager. */
export const ROLES = { admin: 0n, parameters: 1n, guardian: 2n } as const;

/** The admin announces a call, without waiting for its time. */
export const announce = (t: Network, target: { address: Address }, call: Hex): Promise<Hex> =>
  t.accessManager.write.schedule([target.address, call, 0], { account: t.admin.account });

/** The admin announces a call and its delay passes: the admin may make it now, once. */
export async function announceAndWait(t: Network, target: { address: Address }, call: Hex): Promise<void> {
  await announce(t, target, call);
  await networkHelpers.time.increase(t.parameters.parameterDelaySeconds);
}
