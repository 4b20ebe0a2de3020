import { isAddressEqual } from "viem";
import type { SettlementParts } from "./SettlementParts.ts";

/** For so many epochs after the operator's key was changed nothing waits: whoever changes it may have more to change. */
const HASTY_EPOCHS = 3;

/**
 * Whether the node may be gone before the next transaction: it retires, or what its ledger sent last, within some epochs, was
 * sent with another operator's key.
 */
export function isLeaving(
  { view, outbox, operator }: Pick<SettlementParts, "view" | "outbox" | "operator">,
  nowMs: number,
): boolean {
  if (view.isRetiring()) return true;
  const sinceMs = nowMs - HASTY_EPOCHS * view.network.times.epochSeconds * 1_000;
  return outbox
    .list("submit:")
    .some(
      ({ signed }) =>
        signed !== undefined && signed.sentMs >= sinceMs && !isAddressEqual(signed.sender, operator.address),
    );
}
