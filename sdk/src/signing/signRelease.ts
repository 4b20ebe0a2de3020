import type { Hex } from "viem";
import type { Release } from "./messages.ts";
import { type Signer, signWith } from "./signer.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/**
 * Signs the release of a counted receipt. For the project's meter; `release` takes it.
 *
 * @returns The signature, 65 bytes.
 */
export async function signRelease(parameters: {
  readonly network: SigningNetwork;
  readonly signer: Signer;
  readonly release: Release;
}): Promise<Hex> {
  const { network, signer, release } = parameters;
  return signWith(signer, typedDataOf(network, "Release", release));
}
