export { type CheckDeadlineParameters, checkDeadline } from "./checkDeadline.ts";
export { hashMessage } from "./hashMessage.ts";
export { decodeIntentHeader, encodeIntentHeader, INTENT_HEADER, type SignedIntent } from "./intentHeader.ts";
export { type IsSignedByParameters, isSignedBy } from "./isSignedBy.ts";
export { isVouchedBy, MAX_SIGNATURE_BYTES, type VouchingQuestion } from "./isVouchedBy.ts";
export {
  type EndpointProof,
  MESSAGE_TYPES,
  type MessageName,
  type Messages,
  type PeerToken,
  type Release,
  type SignedRequest,
  type UploadIntent,
  type UsageBatch,
} from "./messages.ts";
export { type RecoverKeyParameters, recoverKey } from "./recoverKey.ts";
export { SignatureError, type SignatureErrorCode } from "./SignatureError.ts";
export { signEndpointProof } from "./signEndpointProof.ts";
export { addressOf, type Signer } from "./signer.ts";
export { type SigningNetwork, signingDomain } from "./signingDomain.ts";
export { signPeerToken } from "./signPeerToken.ts";
export { signRelease } from "./signRelease.ts";
export { signRequest } from "./signRequest.ts";
export { signUploadIntent } from "./signUploadIntent.ts";
export { signUsageBatch } from "./signUsageBatch.ts";
export { typedDataOf } from "./typedDataOf.ts";
export { type VerifyEndpointProofParameters, verifyEndpointProof } from "./verifyEndpointProof.ts";
export { type VerifyPeerTokenParameters, verifyPeerToken } from "./verifyPeerToken.ts";
export { type VerifyReleaseParameters, verifyRelease } from "./verifyRelease.ts";
export { type VerifyRequestParameters, verifyRequest } from "./verifyRequest.ts";
export {
  INTENT_MAX_AHEAD_SECONDS,
  type VerifyUploadIntentParameters,
  verifyUploadIntent,
} from "./verifyUploadIntent.ts";
export { type VerifyUsageBatchParameters, verifyUsageBatch } from "./verifyUsageBatch.ts";
