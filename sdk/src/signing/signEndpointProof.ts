import type { Hex } from "viem";
import type { EndpointProof } from "./messages.ts";
import { type Signer, signWith } from "./signer.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/**
 * Answers a nonce that came to a node's endpoint. For its operator.
 *
 * @returns The signature, 65 bytes.
 */
export async function signEndpointProof(parameters: {
  readonly network: SigningNetwork;
  readonly signer: Signer;
  readonly proof: EndpointProof;
}): Promise<Hex> {
  const { network, signer, proof } = parameters;
  return signWith(signer, typedDataOf(network, "EndpointProof", proof));
}
