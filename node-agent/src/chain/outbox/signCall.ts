import { keccak256 } from "viem";
import type { OutboxRow, SignedTransaction } from "../../ledger/outboxTable.ts";
import type { Fees } from "./estimateFees.ts";
import type { OutboxParts } from "./OutboxParts.ts";

/** Signs a call of the outbox with the operator's key. Nothing is stored and nothing sent. */
export async function signCall(
  { account, client, nowMs }: Pick<OutboxParts, "account" | "client" | "nowMs">,
  { to, data }: Pick<OutboxRow, "to" | "data">,
  { nonce, gas, feePerGas, tipPerGas }: Fees & { readonly nonce: number; readonly gas: bigint },
): Promise<SignedTransaction> {
  const call = { chainId: client.network.chainId, to, data, nonce, gas };
  const raw = await account.signTransaction(
    tipPerGas === undefined
      ? { ...call, type: "legacy", gasPrice: feePerGas }
      : { ...call, type: "eip1559", maxFeePerGas: feePerGas, maxPriorityFeePerGas: tipPerGas },
  );
  const sender = account.address;
  return { sender, nonce, gas, feePerGas, tipPerGas, raw, hash: keccak256(raw), sentMs: nowMs() };
}
