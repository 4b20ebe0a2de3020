import { type Address, isAddressEqual } from "viem";
import { checkDeadline } from "./checkDeadline.ts";
import { hashMessage } from "./hashMessage.ts";
import type { SignedIntent } from "./intentHeader.ts";
import { type IsSignedByParameters, isSignedBy } from "./isSignedBy.ts";
import { recoverKey as recoverHere } from "./recoverKey.ts";
import { wrongSignature } from "./requireSignedBy.ts";
import { SignatureError } from "./SignatureError.ts";
import type { SigningNetwork } from "./signingDomain.ts";

/** An upload intent is for the next minutes, not for a drawer. */
export const INTENT_MAX_AHEAD_SECONDS = 15 * 60;

export interface VerifyUploadIntentParameters
  extends SignedIntent,
    Pick<IsSignedByParameters, "publicClient" | "isVouchedBy" | "recoverKey"> {
  readonly network: SigningNetwork;
  /** The project's owner, as the chain says. */
  readonly owner: Address;
  /** Whether an account is a delegate with the right to deploy; see `projects.mayDeploy`. */
  readonly mayDeploy: (who: Address) => boolean | Promise<boolean>;
  /** The clock of whoever checks, in Unix seconds. */
  readonly nowSeconds: number;
}

/**
 * Makes sure that an upload intent counts: in time, by the owner that the chain names, signed by that owner or by a
 * delegate. Each may be a contract (ERC-1271), also one that has no code yet (ERC-6492): the owner, or the delegate that
 * the intent comes with as its `signer`. Nobody else is asked about a signature.
 *
 * @returns Who signed.
 * @throws {SignatureError} `SIGNATURE_EXPIRED`, `SIGNATURE_TOO_FAR_AHEAD`, `OWNER_CHANGED`, `SIGNATURE_WRONG`.
 * @throws {RpcError} The chain could not be asked.
 */
export async function verifyUploadIntent(parameters: VerifyUploadIntentParameters): Promise<Address> {
  const { network, intent, signature, owner, mayDeploy, nowSeconds } = parameters;
  const { signer = owner, publicClient, isVouchedBy, recoverKey = recoverHere } = parameters;
  checkDeadline({ deadline: intent.deadline, nowSeconds, maxAheadSeconds: INTENT_MAX_AHEAD_SECONDS });
  if (!isAddressEqual(intent.owner, owner)) {
    throw new SignatureError({
      code: "OWNER_CHANGED",
      message: `Project ${intent.projectId} belongs to ${owner}, the intent names ${intent.owner}.`,
      value: intent.owner,
      next: "sign an intent that names the project's owner",
    });
  }
  const hash = hashMessage(network, "UploadIntent", intent);
  const key = await recoverKey({ hash, signature });
  if (key !== undefined && !isAddressEqual(key, owner) && (await mayDeploy(key))) return key;
  if (isAddressEqual(signer, owner) || (await mayDeploy(signer))) {
    const chain = { publicClient, isVouchedBy, takesUndeployed: true };
    if (await isSignedBy({ hash, signature, signer, ...chain, recoverKey: async () => key })) return signer;
  }
  throw wrongSignature(
    `Neither the owner of project ${intent.projectId} nor a delegate signed this intent.`,
    key ?? signature.slice(0, 20),
  );
}
