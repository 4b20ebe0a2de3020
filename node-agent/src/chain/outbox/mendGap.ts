import type { SignedTransaction } from "../../ledger/outboxTable.ts";
import { broadcast } from "./broadcast.ts";
import { capFees } from "./bumpFees.ts";
import { estimateFees } from "./estimateFees.ts";
import { missingNonces } from "./nonces.ts";
import { OutboxError } from "./OutboxError.ts";
import type { OutboxParts } from "./OutboxParts.ts";
import { signCall } from "./signCall.ts";

/** So many nonces are filled at once; a wider gap is crossed by signing anew what waits behind it. */
const MOST_FILLED = 8;
/** What a transfer takes; a quarter more, for chains that charge for their own layer below. */
const FILLER_GAS = 21_000n + 21_000n / 4n;

/** Looks after nonces that are missing. */
export interface GapMender {
  /**
   * Looks whether what was sent waits for a nonce that nothing has, as when a foreign transaction was dropped or an RPC
   * counted wrong. Once that has lasted for `bumpAfterMs` the gap is filled with transfers of nothing to the operator's
   * own account. So each call keeps the one nonce that it was ever signed with, and cannot be mined twice, whatever
   * becomes of the foreign transaction: where that is mined after all, a filler is of no effect.
   *
   * @throws {OutboxError} `NONCE_GAP` as long as one is missing.
   * @throws {RpcError | TransactionError} As `broadcast`.
   */
  mend(): Promise<void>;
}

export function createGapMender(parts: OutboxParts): GapMender {
  const { table, account, countTransactions, bumpAfterMs, nowMs, logger } = parts;
  const { address } = account;
  let seen: { readonly nonce: number; readonly sinceMs: number } | undefined;

  async function fill(nonce: number): Promise<SignedTransaction> {
    const { client, maxFeePerGas } = parts;
    const fees = capFees(await estimateFees(client.publicClient), maxFeePerGas);
    const call = { reference: `gap:${nonce}`, to: address, data: "0x" } as const;
    table.add(call, nowMs());
    table.requeue(call, nowMs());
    const row = table.find(call.reference);
    if (row === undefined) throw new RangeError(`the outbox lost ${call.reference}`);
    const signed = await signCall(parts, row, { ...fees, nonce, gas: FILLER_GAS });
    table.sign(row.id, signed);
    return signed;
  }

  return {
    async mend() {
      const own = table.noncesOf(address);
      if (!own.some(({ state }) => state === "sent")) {
        seen = undefined;
        return;
      }
      const count = await countTransactions(address, "latest");
      const missing = missingNonces({ count, own }, MOST_FILLED + 1);
      const [lowest] = missing;
      if (lowest === undefined) {
        seen = undefined;
        return;
      }
      if (seen?.nonce !== lowest) seen = { nonce: lowest, sinceMs: nowMs() };
      if (nowMs() - seen.sinceMs >= bumpAfterMs) {
        if (missing.length > MOST_FILLED) crossGap(parts, lowest);
        else {
          for (const nonce of missing) {
            const signed = await fill(nonce);
            logger.info({ nonce, hash: signed.hash }, "a missing nonce is filled with a transfer of nothing");
            await broadcast(parts, signed);
          }
        }
      }
      throw gapError(address, lowest);
    },
  };
}

/**
 * What waits behind a wide gap fails, and whoever wants it signs it anew. What was signed cannot be mined before the
 * account has come that far, and is watched until then.
 */
function crossGap({ table, account, nowMs, logger }: OutboxParts, lowest: number): void {
  for (const { id, reference, signed } of table.list(["sent"])) {
    if (signed === undefined || signed.sender !== account.address || signed.nonce < lowest) continue;
    const error = gapError(account.address, lowest);
    table.fail(id, error.toJSON(), nowMs());
    logger.warn({ reference, nonce: signed.nonce, err: error }, "a transaction is given up and signed anew");
  }
}

function gapError(address: string, nonce: number): OutboxError {
  return new OutboxError({
    code: "NONCE_GAP",
    message: `transactions wait for one of the operator's account with the nonce ${nonce}, which is nowhere`,
    value: `${address} ${nonce}`,
    next: "nothing: the agent fills the gap by itself. Run one agent only with this key, and send nothing else with it",
  });
}
