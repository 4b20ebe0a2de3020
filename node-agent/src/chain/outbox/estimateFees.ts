import { Eip1559FeesNotSupportedError, type PublicClient } from "viem";

/** What a unit of gas is paid, in the chain's smallest unit. */
export interface Fees {
  /** The most for all of it; the price itself where the chain knows no tips. */
  readonly feePerGas: bigint;
  /** What the block's producer gets of it (EIP-1559); undefined on a chain without. */
  readonly tipPerGas: bigint | undefined;
}

/** The fees that the chain asks for now. On a chain without EIP-1559, its gas price. */
export async function estimateFees(
  client: Pick<PublicClient, "estimateFeesPerGas" | "getGasPrice">,
): Promise<Fees> {
  try {
    const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas();
    return { feePerGas: maxFeePerGas, tipPerGas: maxPriorityFeePerGas };
  } catch (error) {
    if (!(error instanceof Eip1559FeesNotSupportedError)) throw error;
    return { feePerGas: await client.getGasPrice(), tipPerGas: undefined };
  }
}
