import { hashMessage } from "./hashMessage.ts";
import type { IsSignedByParameters } from "./isSignedBy.ts";
import type { Release } from "./messages.ts";
import { requireSignedBy } from "./requireSignedBy.ts";
import type { SigningNetwork } from "./signingDomain.ts";

export interface VerifyReleaseParameters extends Omit<IsSignedByParameters, "hash" | "takesUndeployed"> {
  readonly network: SigningNetwork;
  readonly release: Release;
}

/**
 * Makes sure that `signer`, the project's meter, signed a release.
 *
 * @throws {SignatureError} `SIGNATURE_WRONG`.
 * @throws {RpcError} The chain could not be asked.
 */
export async function verifyRelease(parameters: VerifyReleaseParameters): Promise<void> {
  const { network, release, ...signed } = parameters;
  await requireSignedBy({ ...signed, hash: hashMessage(network, "Release", release) });
}
