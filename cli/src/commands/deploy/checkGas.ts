import { type Call, contractError, encodeCall, type NetworkWriter, TransactionError } from "@worker3/sdk";
import { type Address, formatEther } from "viem";

/** Prices rise between an estimate and a transaction. */
const MARGIN_PERCENT = 150n;

/**
 * Lets the chain simulate the first call, so that a refusal costs nothing, and makes sure that the account can pay for
 * the gas of all.
 *
 * @param moreGas Of the calls that follow, at most.
 * @returns What the gas costs about, in wei.
 * @throws {ContractError} The contract would refuse; {TransactionError} `NO_GAS`; {RpcError}.
 */
export async function checkGas(
  { publicClient }: NetworkWriter,
  parameters: {
    readonly who: Address;
    readonly call: Call;
    readonly moreGas: bigint;
    /** Whether `who` only stands for whoever will pay. */
    readonly isStandIn: boolean;
  },
): Promise<bigint> {
  const { who, call, moreGas, isStandIn } = parameters;
  try {
    const [gas, price, balance] = await Promise.all([
      publicClient.estimateGas({ ...encodeCall(call), account: who }),
      publicClient.getGasPrice(),
      publicClient.getBalance({ address: who }),
    ]);
    const cost = ((gas + moreGas) * price * MARGIN_PERCENT) / 100n;
    if (balance >= cost || isStandIn) return cost;
    throw new TransactionError({
      code: "NO_GAS",
      message: `The account ${who} holds ${formatEther(balance)} of the chain's own coin; the deployment may cost ${formatEther(cost)}.`,
      value: String(balance),
      next: `send at least ${formatEther(cost - balance)} to ${who}`,
    });
  } catch (cause) {
    throw contractError(cause);
  }
}
