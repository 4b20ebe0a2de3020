import type { Network } from "@worker3/sdk";
import { type Address, createTestClient, http, parseEther } from "viem";

/** Gives an account of a test the chain's own coin. */
export async function fundGas({ rpcUrls }: Network, address: Address): Promise<void> {
  const clock = createTestClient({ mode: "anvil", transport: http(rpcUrls[0]) });
  await clock.setBalance({ address, value: parseEther("10") });
}
