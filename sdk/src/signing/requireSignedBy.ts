import { type IsSignedByParameters, isSignedBy } from "./isSignedBy.ts";
import { SignatureError } from "./SignatureError.ts";

/** `isSignedBy`, or `SIGNATURE_WRONG`. */
export async function requireSignedBy(parameters: IsSignedByParameters): Promise<void> {
  if (await isSignedBy(parameters)) return;
  throw wrongSignature(`${parameters.signer} did not sign this message.`, parameters.signer);
}

/** `SIGNATURE_WRONG`. */
export function wrongSignature(message: string, value: string): SignatureError {
  return new SignatureError({
    code: "SIGNATURE_WRONG",
    message,
    value,
    next: "sign with the right key, for this chain and these contracts; a signature with a high s does not count",
  });
}
