import { contractError, Worker3Error } from "@worker3/sdk";
import { BaseError } from "viem";
import type { SignedTransaction } from "../../ledger/outboxTable.ts";
import { noGasError } from "./noGasError.ts";
import type { OutboxParts } from "./OutboxParts.ts";

/** How nodes say that they have a transaction already: geth, anvil and reth, nethermind, besu. */
const KNOWN = /already known|already imported|alreadyknown|\bknown transaction/i;

/**
 * Hands a signed transaction to the chain. One that the chain has already is fine, and so is one whose nonce is used up:
 * whose transaction that was shows when the receipts are looked up.
 *
 * @throws {OutboxError} `NO_GAS`.
 * @throws {TransactionError} `TX_UNDERPRICED`.
 * @throws {RpcError} The chain cannot be asked, or refuses in words of its own.
 */
export async function broadcast({ client }: Pick<OutboxParts, "client">, signed: SignedTransaction) {
  try {
    await client.publicClient.sendRawTransaction({ serializedTransaction: signed.raw });
  } catch (cause) {
    if (cause instanceof BaseError && KNOWN.test(cause.details)) return;
    const error = contractError(cause);
    if (error instanceof Worker3Error && error.code === "TX_NONCE") return;
    if (error instanceof Worker3Error && error.code === "NO_GAS")
      throw noGasError(signed.sender, signed.gas * signed.feePerGas, cause);
    throw error;
  }
}
