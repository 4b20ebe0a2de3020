import type { Abi } from "viem";
import {
  creditEscrowAbi,
  mockUSDAbi,
  nodeRegistryAbi,
  projectRegistryAbi,
  usageSettlementAbi,
} from "../abi/index.ts";

/**
 * The custom errors of the four contracts and of an OpenZeppelin ERC-20. A call of one contract can end with an error
 * of another that it calls, so an error is looked up among all of them.
 */
export const errorsAbi: readonly Extract<Abi[number], { type: "error" }>[] = [
  ...nodeRegistryAbi,
  ...projectRegistryAbi,
  ...creditEscrowAbi,
  ...usageSettlementAbi,
  ...mockUSDAbi,
].filter((item) => item.type === "error");
