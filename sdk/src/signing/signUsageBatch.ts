import type { Hex } from "viem";
import type { UsageBatch } from "./messages.ts";
import { type Signer, signWith } from "./signer.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/**
 * Signs a batch of receipts. For the node's operator; `submit` takes it.
 *
 * @returns The signature, 65 bytes.
 */
export async function signUsageBatch(parameters: {
  readonly network: SigningNetwork;
  readonly signer: Signer;
  readonly batch: UsageBatch;
}): Promise<Hex> {
  const { network, signer, batch } = parameters;
  return signWith(signer, typedDataOf(network, "UsageBatch", batch));
}
