import { type Account, BaseError, type Hash } from "viem";
import { contractError } from "../../errors/contractError.ts";
import { ContractError, RpcError, TransactionError } from "../../errors/errorClasses.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import type { EncodedCall } from "../call.ts";
import { untilAborted } from "../untilAborted.ts";
import type { Outgoing } from "./signCall.ts";

interface WalletCall extends EncodedCall {
  readonly account: Account;
  readonly gas: bigint;
  readonly signal: AbortSignal | undefined;
  /** Called when the wallet has told the hash. */
  readonly leaves: (txHash: Hash) => void;
}

/**
 * Has a wallet sign and send: where its answer is lost, so is the hash, and it is not asked a second time.
 *
 * @throws {TransactionError} `TX_UNSURE` without a hash: it may have sent; `TX_REJECTED` and what else it refuses with.
 */
export async function sendByWallet(
  { publicClient, walletClient }: NetworkWriter,
  { account, signal, leaves, to, data, gas }: WalletCall,
): Promise<Partial<Outgoing> & Pick<Outgoing, "hash">> {
  const sinceBlock = await untilAborted(publicClient.getBlockNumber(), signal);
  signal?.throwIfAborted();
  let hash: Hash;
  try {
    hash = await walletClient.sendTransaction({ account, to, data, gas });
  } catch (cause) {
    throw walletError(account, cause);
  }
  leaves(hash);
  // Its nonce tells later whether another transaction took its place. Wallets with accounts of their own kind have none.
  const known = await publicClient.getTransaction({ hash }).catch(() => undefined);
  return { hash, to, data, ...(known && { from: known.from, nonce: known.nonce, sinceBlock }) };
}

function walletError({ address }: Account, cause: unknown): unknown {
  const error = contractError(cause);
  // The contract refused when the wallet sent, not when it was simulated here: whether it was mined so is open too.
  const isOpen = error instanceof RpcError || error instanceof ContractError;
  if (!isOpen || error.code === "WRONG_CHAIN" || REFUSALS.has(codeOf(cause))) return error;
  return new TransactionError({
    code: "TX_UNSURE",
    message: `The wallet was asked to send, and its answer was lost (${error.message.replace(/\.$/, "")}): it may have sent.`,
    value: address,
    next: `look into the wallet's activity, or for new transactions of ${address} in the chain's explorer, before you send again: it may happen twice`,
    cause,
  });
}

/** With these codes (EIP-1193, EIP-1474) a wallet did not send. With any other, or none, that is open. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  4001, 4100, 4200, 4900, 4901, -32_600, -32_601, -32_602, -32_003, -32_004,
]);

function codeOf(cause: unknown): unknown {
  if (!(cause instanceof BaseError)) return undefined;
  const coded = cause.walk((e) => e instanceof Error && "code" in e && typeof e.code === "number");
  return coded !== null && "code" in coded ? coded.code : undefined;
}
