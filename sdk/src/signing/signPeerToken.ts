import type { Hex } from "viem";
import type { PeerToken } from "./messages.ts";
import { type Signer, signWith } from "./signer.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/**
 * Signs a token with which one node forwards requests of a project to another. For the first one's operator.
 *
 * @returns The signature, 65 bytes.
 */
export async function signPeerToken(parameters: {
  readonly network: SigningNetwork;
  readonly signer: Signer;
  readonly token: PeerToken;
}): Promise<Hex> {
  const { network, signer, token } = parameters;
  return signWith(signer, typedDataOf(network, "PeerToken", token));
}
