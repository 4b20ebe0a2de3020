import { Worker3Error, type Worker3ErrorOptions } from "../errors/Worker3Error.ts";

export type SignatureErrorCode =
  /** Neither a key nor a contract that may sign did so. */
  | "SIGNATURE_WRONG"
  | "SIGNATURE_EXPIRED"
  /** The deadline is further ahead than is allowed. */
  | "SIGNATURE_TOO_FAR_AHEAD"
  /** The intent names another owner than the chain. */
  | "OWNER_CHANGED"
  /** The header does not hold an intent. */
  | "INTENT_INVALID"
  /** The wallet has no account to sign with. */
  | "NO_ACCOUNT";

/** A signed message that does not count. */
export class SignatureError extends Worker3Error {
  declare readonly code: SignatureErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: SignatureErrorCode }) {
    super(options);
  }
}
