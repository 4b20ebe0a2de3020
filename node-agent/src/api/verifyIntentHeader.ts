import {
  decodeIntentHeader,
  type IsSignedByParameters,
  type recoverKey,
  type SigningNetwork,
  type UploadIntent,
  verifyUploadIntent,
} from "@worker3/sdk";
import type { Address, Hash } from "viem";
import { ApiError } from "./ApiError.ts";

/** Who may sign an intent, as the chain says. */
export interface IntentRules extends Pick<IsSignedByParameters, "isVouchedBy"> {
  readonly network: SigningNetwork;
  /** The clock, in Unix seconds. */
  readonly nowSeconds: () => number;
  /** The owner on chain; undefined where there is no such project. */
  readonly ownerOf: (projectId: bigint) => Address | undefined | Promise<Address | undefined>;
  /** Whether an account is a delegate with the right to deploy, or to propose: either may upload. */
  readonly mayPropose: (projectId: bigint, who: Address) => boolean | Promise<boolean>;
  readonly recoverKey: typeof recoverKey;
}

/**
 * Reads the header of an upload, and makes sure that it is an intent for this CID by who may sign one.
 *
 * @throws {ApiError} `INTENT_OTHER_CID`, `UNKNOWN_PROJECT`; {SignatureError} as `decodeIntentHeader` and
 *   `verifyUploadIntent`; what `check` throws; {RpcError} The chain could not be asked.
 */
export async function verifyIntentHeader(
  rules: IntentRules,
  parameters: {
    readonly header: string;
    /** The CID's. */
    readonly digest: Hash;
    /** Refuses a project before its signature costs a question to the chain. */
    readonly check: (projectId: bigint) => void;
  },
): Promise<UploadIntent> {
  const { intent, signature, signer } = decodeIntentHeader(parameters.header);
  const { projectId } = intent;
  if (intent.digest !== parameters.digest) {
    throw new ApiError({
      code: "INTENT_OTHER_CID",
      message: "the upload's intent is for another CID",
      value: intent.digest,
      next: "sign an intent with the digest of the CID in the path",
    });
  }
  const owner = await rules.ownerOf(projectId);
  if (owner === undefined) {
    throw new ApiError({
      code: "UNKNOWN_PROJECT",
      message: "there is no such project",
      value: String(projectId),
      next: "check the id; a project that was just made needs a block or two to be known here",
    });
  }
  parameters.check(projectId);
  await verifyUploadIntent({
    intent,
    signature,
    signer,
    network: rules.network,
    owner,
    mayDeploy: (who) => rules.mayPropose(projectId, who),
    nowSeconds: rules.nowSeconds(),
    isVouchedBy: rules.isVouchedBy,
    recoverKey: rules.recoverKey,
  });
  return intent;
}
