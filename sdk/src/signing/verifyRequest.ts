import { checkDeadline } from "./checkDeadline.ts";
import { hashMessage } from "./hashMessage.ts";
import type { IsSignedByParameters } from "./isSignedBy.ts";
import type { SignedRequest } from "./messages.ts";
import { requireSignedBy } from "./requireSignedBy.ts";
import type { SigningNetwork } from "./signingDomain.ts";

export interface VerifyRequestParameters extends Omit<IsSignedByParameters, "hash" | "takesUndeployed"> {
  readonly network: SigningNetwork;
  readonly request: SignedRequest;
  /** The clock of whoever checks, in Unix seconds. */
  readonly nowSeconds: number;
  /** How far ahead the deadline may lie; absent: as far as it likes. */
  readonly maxAheadSeconds?: number | undefined;
}

/**
 * Makes sure that `signer` signed a request and that it has not expired; also a wallet that has no code yet (ERC-6492).
 * Method, path and node are for the caller to compare.
 *
 * @throws {SignatureError} `SIGNATURE_WRONG`, `SIGNATURE_EXPIRED`, `SIGNATURE_TOO_FAR_AHEAD`.
 * @throws {RpcError} The chain could not be asked.
 */
export async function verifyRequest(parameters: VerifyRequestParameters): Promise<void> {
  const { network, request, nowSeconds, maxAheadSeconds, ...signed } = parameters;
  checkDeadline({ deadline: request.deadline, nowSeconds, maxAheadSeconds });
  const hash = hashMessage(network, "SignedRequest", request);
  await requireSignedBy({ ...signed, hash, takesUndeployed: true });
}
