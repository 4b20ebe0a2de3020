import type { Hex } from "viem";
import type { SignedRequest } from "./messages.ts";
import { type Signer, signWith } from "./signer.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/**
 * Signs a request to a node's own host name.
 *
 * @returns The signature, 65 bytes.
 */
export async function signRequest(parameters: {
  readonly network: SigningNetwork;
  readonly signer: Signer;
  readonly request: SignedRequest;
}): Promise<Hex> {
  const { network, signer, request } = parameters;
  return signWith(signer, typedDataOf(network, "SignedRequest", request));
}
