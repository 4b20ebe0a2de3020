import { checkDeadline } from "./checkDeadline.ts";
import { hashMessage } from "./hashMessage.ts";
import type { IsSignedByParameters } from "./isSignedBy.ts";
import type { PeerToken } from "./messages.ts";
import { requireSignedBy } from "./requireSignedBy.ts";
import type { SigningNetwork } from "./signingDomain.ts";

export interface VerifyPeerTokenParameters extends Omit<IsSignedByParameters, "hash" | "takesUndeployed"> {
  readonly network: SigningNetwork;
  readonly token: PeerToken;
  /** The clock of whoever checks, in Unix seconds. */
  readonly nowSeconds: number;
  /** How far ahead the deadline may lie; absent: as far as it likes. */
  readonly maxAheadSeconds?: number | undefined;
}

/**
 * Makes sure that `signer`, the operator of `fromNodeId`, signed a token and that it has not expired. Node and
 * project are for the caller to compare.
 *
 * @throws {SignatureError} `SIGNATURE_WRONG`, `SIGNATURE_EXPIRED`, `SIGNATURE_TOO_FAR_AHEAD`.
 * @throws {RpcError} The chain could not be asked.
 */
export async function verifyPeerToken(parameters: VerifyPeerTokenParameters): Promise<void> {
  const { network, token, nowSeconds, maxAheadSeconds, ...signed } = parameters;
  checkDeadline({ deadline: token.deadline, nowSeconds, maxAheadSeconds });
  await requireSignedBy({ ...signed, hash: hashMessage(network, "PeerToken", token) });
}
