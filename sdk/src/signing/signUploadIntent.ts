import type { Hex } from "viem";
import type { UploadIntent } from "./messages.ts";
import { type Signer, signWith } from "./signer.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/**
 * Signs an upload intent. For the project's owner, or a delegate with the right to deploy.
 *
 * @returns The signature, 65 bytes.
 */
export async function signUploadIntent(parameters: {
  readonly network: SigningNetwork;
  readonly signer: Signer;
  readonly intent: UploadIntent;
}): Promise<Hex> {
  const { network, signer, intent } = parameters;
  return signWith(signer, typedDataOf(network, "UploadIntent", intent));
}
