import { SignatureError } from "./SignatureError.ts";

export interface CheckDeadlineParameters {
  /** Unix time, in seconds: the last one at which the message counts. */
  readonly deadline: bigint;
  /** The clock of whoever checks, in Unix seconds; fractions are allowed. */
  readonly nowSeconds: number;
  /** How far ahead a deadline may lie; absent: as far as it likes. */
  readonly maxAheadSeconds?: number | undefined;
}

/**
 * Refuses what has expired or promises too long.
 *
 * @throws {SignatureError} `SIGNATURE_EXPIRED`, `SIGNATURE_TOO_FAR_AHEAD`.
 */
export function checkDeadline({ deadline, nowSeconds, maxAheadSeconds }: CheckDeadlineParameters): void {
  const now = BigInt(Math.floor(nowSeconds));
  if (deadline < now) {
    throw new SignatureError({
      code: "SIGNATURE_EXPIRED",
      message: `The signed message expired ${now - deadline} seconds ago.`,
      value: String(deadline),
      next: "sign anew; if that does not help, set the clock of this machine",
    });
  }
  if (maxAheadSeconds !== undefined && deadline - now > BigInt(maxAheadSeconds)) {
    throw new SignatureError({
      code: "SIGNATURE_TOO_FAR_AHEAD",
      message: `The deadline lies ${deadline - now} seconds ahead; at most ${maxAheadSeconds} are allowed.`,
      value: String(deadline),
      next: "sign with an earlier deadline, or set the clock of this machine",
    });
  }
}
