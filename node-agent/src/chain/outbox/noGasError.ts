import { type Address, formatEther } from "viem";
import { OutboxError } from "./OutboxError.ts";

/** `NO_GAS`: the operator's account lacks so much, in the chain's smallest unit, for what it has to send. */
export function noGasError(account: Address, missing: bigint, cause?: unknown): OutboxError {
  return new OutboxError({
    code: "NO_GAS",
    message: `the operator's account ${account} cannot pay the gas of its transactions`,
    value: account,
    next: `send it at least ${formatEther(missing)} of the chain's own coin; the agent goes on by itself`,
    cause,
  });
}
