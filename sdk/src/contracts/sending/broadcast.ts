import type { Hex } from "viem";
import { contractError } from "../../errors/contractError.ts";
import { TransactionError } from "../../errors/errorClasses.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { pause } from "../pause.ts";
import { findTaken } from "./findTaken.ts";
import { type Host, handOver, hostsOf, isKnown } from "./hostsOf.ts";
import { judgeSendError, type SendVerdict } from "./judgeSendError.ts";
import type { Outgoing } from "./signCall.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Another transaction that the account signed took the nonce, so that this one cannot be mined: it may be signed anew. */
export class NonceTaken extends TransactionError {}

/**
 * Hands a signed transaction to the chain, by each of the network's RPCs until one has it. A lost answer is no answer: the
 * transaction is looked up by its hash, and the same bytes are sent again, which does no more than once.
 *
 * @param patienceMs How long to try.
 * @throws {TransactionError} `NO_GAS`, `TX_UNDERPRICED`, `TX_NONCE` (`NonceTaken` where it never left): it will not be
 *   mined. `TX_UNSURE`: it may be; also where an RPC says that the nonce is used, and shows no transaction that the account
 *   signed with it.
 */
export async function broadcast(
  client: NetworkClient,
  outgoing: Outgoing & { readonly raw: Hex },
  { patienceMs, signal }: { readonly patienceMs: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const hosts = hostsOf(client);
  const deadline = Date.now() + patienceMs;
  let lost: unknown;
  let hidden: unknown; // who used the nonce, as an RPC says
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    let refused: unknown;
    let waits: unknown;
    let unproven: unknown;
    for (const host of hosts) {
      const heard = await tell(host, hosts, outgoing);
      if (heard === "taken") return;
      const { verdict, error } = heard;
      if (verdict === "used" || verdict === "occupied") {
        const taken = await findTaken(client, outgoing).catch(() => undefined);
        if (taken?.hash === outgoing.hash) return;
        if (taken?.isProven === true) throw nonceError(outgoing, taken.hash, lost, error);
        if (taken !== undefined) unproven = error;
        else waits = error; // whose it is shows when it is mined
        if (verdict === "used") hidden = error;
      } else if (verdict === "lost") lost = error;
      else refused = error;
    }
    // The RPC may have made it up, and keep this one for later: to sign another would make two.
    if (unproven !== undefined) throw unsureError(outgoing, unproven);
    if (lost === undefined && waits === undefined) throw contractError(refused);
    if (Date.now() + wait > deadline) {
      const open = lost ?? hidden;
      throw open === undefined ? contractError(waits) : unsureError(outgoing, open);
    }
    await pause(wait, signal);
  }
}

async function tell(
  host: Host,
  hosts: readonly Host[],
  { raw, hash }: Outgoing & { readonly raw: Hex },
): Promise<"taken" | { readonly verdict: SendVerdict; readonly error: unknown }> {
  try {
    await handOver(host, raw);
    return "taken";
  } catch (error) {
    const verdict = judgeSendError(error);
    // An RPC may say no though it, or a machine beside it, took the transaction.
    return verdict === "known" || (await isKnown(hosts, hash)) ? "taken" : { verdict, error };
  }
}

function nonceError(
  { nonce, from, hash }: Outgoing,
  taker: Hex,
  lost: unknown,
  cause: unknown,
): TransactionError {
  const options = {
    code: "TX_NONCE",
    message: `Another transaction of the account (${taker}) was mined with the nonce ${nonce} of this one, which will not be.`,
    value: `${from} ${nonce}`,
    next: "run it again; do not send from one account by two programs at a time",
    cause,
  } as const;
  return lost === undefined ? new NonceTaken(options) : new TransactionError({ ...options, txHash: hash });
}

/** Nobody can tell whether it was taken. */
export function unsureError({ hash, from, nonce }: Outgoing, cause: unknown): TransactionError {
  const heard = contractError(cause);
  const said = heard instanceof Error ? ` (${heard.message.replace(/\.$/, "")})` : "";
  return new TransactionError({
    code: "TX_UNSURE",
    message: `The transaction was handed over, and no RPC says whether it was taken${said}: it may still be mined.`,
    value: `${from} nonce ${nonce}`,
    next: LOOK_UP,
    txHash: hash,
    cause,
  });
}

/** How to find out what became of a transaction, which the error names, before it is sent a second time. */
export const LOOK_UP =
  "look it up before you run this again, or it may happen twice: in the chain's explorer, or by eth_getTransactionReceipt of another RPC; where a block has it, it is done";
