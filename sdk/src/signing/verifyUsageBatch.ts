import { hashMessage } from "./hashMessage.ts";
import type { IsSignedByParameters } from "./isSignedBy.ts";
import type { UsageBatch } from "./messages.ts";
import { requireSignedBy } from "./requireSignedBy.ts";
import type { SigningNetwork } from "./signingDomain.ts";

export interface VerifyUsageBatchParameters extends Omit<IsSignedByParameters, "hash" | "takesUndeployed"> {
  readonly network: SigningNetwork;
  readonly batch: UsageBatch;
}

/**
 * Makes sure that `signer`, the node's operator of this moment, signed a batch.
 *
 * @throws {SignatureError} `SIGNATURE_WRONG`.
 * @throws {RpcError} The chain could not be asked.
 */
export async function verifyUsageBatch(parameters: VerifyUsageBatchParameters): Promise<void> {
  const { network, batch, ...signed } = parameters;
  await requireSignedBy({ ...signed, hash: hashMessage(network, "UsageBatch", batch) });
}
