import { contractError, type NetworkWriter, TransactionError } from "@worker3/sdk";
import { type Abi, type Address, type EstimateContractGasParameters, formatEther } from "viem";

/** A call that the deployment begins with. */
export interface FirstCall {
  readonly abi: Abi;
  readonly address: Address;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

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
  parameters: { readonly who: Address; readonly call: FirstCall; readonly moreGas: bigint },
): Promise<bigint> {
  const { who, call, moreGas } = parameters;
  try {
    const [gas, price, balance] = await Promise.all([
      publicClient.estimateContractGas({ ...call, account: who } as EstimateContractGasParameters),
      publicClient.getGasPrice(),
      publicClient.getBalance({ address: who }),
    ]);
    const cost = ((gas + moreGas) * price * MARGIN_PERCENT) / 100n;
    if (balance >= cost) return cost;
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
