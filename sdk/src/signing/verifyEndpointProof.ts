import { hashMessage } from "./hashMessage.ts";
import type { IsSignedByParameters } from "./isSignedBy.ts";
import type { EndpointProof } from "./messages.ts";
import { requireSignedBy } from "./requireSignedBy.ts";
import type { SigningNetwork } from "./signingDomain.ts";

export interface VerifyEndpointProofParameters
  extends Omit<IsSignedByParameters, "hash" | "takesUndeployed"> {
  readonly network: SigningNetwork;
  /** With the nonce that was sent, and the endpoint that it was sent to. */
  readonly proof: EndpointProof;
}

/**
 * Makes sure that `signer`, the operator of the node, answered a nonce for this endpoint.
 *
 * @throws {SignatureError} `SIGNATURE_WRONG`.
 * @throws {RpcError} The chain could not be asked.
 */
export async function verifyEndpointProof(parameters: VerifyEndpointProofParameters): Promise<void> {
  const { network, proof, ...signed } = parameters;
  await requireSignedBy({ ...signed, hash: hashMessage(network, "EndpointProof", proof) });
}
