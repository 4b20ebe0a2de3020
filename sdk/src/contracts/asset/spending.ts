import type { Address } from "viem";
import { contractError } from "../../errors/contractError.ts";
import { ContractError } from "../../errors/errorClasses.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { formatAmount } from "../../protocol/formatAmount.ts";
import { type Call, encodeCall } from "../call.ts";
import { pause } from "../pause.ts";
import { type Mined, senderOf, type WriteOptions } from "../send.ts";
import { simulateInOrder } from "../simulateInOrder.ts";
import { type Approval, allowanceOf, approve, balanceOf } from "./token.ts";

/** A call that takes some of the caller's asset. */
export interface Spending extends Approval, Pick<WriteOptions, "account"> {
  readonly call: Call;
  /** Calls that will have been made before it, and that it needs. */
  readonly after?: readonly Call[] | undefined;
}

/**
 * Makes sure that a call which takes some of the caller's asset would go well once that is approved, so that nothing is
 * approved for nothing. Asks for the balance, and has the RPC simulate approval and call one after the other; where it
 * cannot (`eth_simulateV1`), the call alone, whose own reasons count and its want of an allowance does not.
 *
 * @throws {ContractError} `INSUFFICIENT_BALANCE`, or what the call would be refused with; {RpcError}.
 */
export async function checkSpending(
  client: NetworkWriter,
  { spender, amount, account, call, after = [] }: Spending,
): Promise<void> {
  const { address: owner } = senderOf(client, account);
  const [balance, steps] = await Promise.all([
    balanceOf(client, { who: owner }),
    approvalsFor(client, { owner, spender, amount }),
  ]);
  if (balance < amount) throw poorError(owner, balance, amount);
  const approvals = steps.map((step) => approve.call(client, { spender, amount: step }));
  const outcome = await simulateInOrder(client, owner, [...after, ...approvals, call]);
  if (outcome instanceof ContractError) throw outcome;
  if (outcome === "ok" || after.length > 0) return;
  try {
    await client.publicClient.call({ account: owner, ...encodeCall(call) });
  } catch (cause) {
    const error = contractError(cause);
    if (steps.length > 0 && error instanceof ContractError && MAY_WANT_ALLOWANCE.has(error.code)) return;
    throw error;
  }
}

/** How tokens of all ages refuse for want of an allowance, some of them without saying so. */
const MAY_WANT_ALLOWANCE: ReadonlySet<string> = new Set([
  "INSUFFICIENT_ALLOWANCE",
  "SAFE_ERC20_FAILED_OPERATION",
  "REVERTED",
  "PANIC",
]);

/**
 * Approves what the next call will take to a contract, unless it may take that much already. Tokens that let an allowance
 * only be changed from or to 0, such as USDT, get two approvals.
 *
 * @returns The last approval; undefined when none was needed.
 * @throws What every write throws, see `sendCall`.
 */
export async function ensureAllowance(
  client: NetworkWriter,
  parameters: Approval & WriteOptions,
): Promise<Mined | undefined> {
  const { spender, amount } = parameters;
  const { address: owner } = senderOf(client, parameters.account);
  let last: Mined | undefined;
  for (const step of await approvalsFor(client, { owner, spender, amount })) {
    last = await approve(client, { ...parameters, amount: step });
  }
  return last;
}

/** How often an allowance is given anew that another program of the same account used or replaced. */
const ROUNDS = 5;
const LONGEST_BACKOFF_MS = 500;

/**
 * Makes a call that takes some of the caller's asset: checks that it would go well, approves what is missing, and sends it.
 * Where another program of the same account used or replaced the allowance in between, so that the call is refused before it
 * is signed, it begins anew. What was sent is never made a second time, whatever an RPC says became of it.
 *
 * @param spending.send Sends `call`.
 * @throws As `checkSpending`, before anything is sent; what every write throws, see `sendCall`.
 */
export async function spend<result>(
  client: NetworkWriter,
  spending: Spending & WriteOptions & { readonly send: () => Promise<result> },
): Promise<result> {
  const { spender, amount, account, call, after: _, send, ...options } = spending;
  const { address: owner } = senderOf(client, account);
  for (let round = 1; ; round += 1) {
    await checkSpending(client, { spender, amount, account, call });
    await ensureAllowance(client, { spender, amount, account, ...options });
    try {
      return await send();
    } catch (error) {
      const isUnsigned = error instanceof ContractError && error.txHash === undefined;
      if (!isUnsigned || round === ROUNDS) throw error;
      if ((await allowanceOf(client, { owner, spender })) >= amount) throw error;
      await pause(Math.random() * LONGEST_BACKOFF_MS, options.signal);
    }
  }
}

/** The allowances to set, one after the other. */
async function approvalsFor(
  client: NetworkWriter,
  { owner, spender, amount }: Approval & { readonly owner: Address },
): Promise<readonly bigint[]> {
  const allowed = await allowanceOf(client, { owner, spender });
  if (allowed >= amount) return [];
  if (allowed === 0n) return [amount];
  try {
    await client.publicClient.call({
      account: owner,
      ...encodeCall(approve.call(client, { spender, amount })),
    });
    return [amount];
  } catch (cause) {
    const error = contractError(cause);
    if (error instanceof ContractError) return [0n, amount];
    throw error;
  }
}

function poorError(who: Address, balance: bigint, amount: bigint): ContractError {
  return new ContractError({
    code: "INSUFFICIENT_BALANCE",
    message: `${who} holds ${formatAmount(balance)} of the asset; ${formatAmount(amount)} are needed.`,
    value: String(balance),
    next: `send the asset to ${who} first, or choose a smaller amount`,
  });
}
