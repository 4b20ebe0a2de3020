import type { PrivateKeyAccount } from "viem/accounts";
import { encodeIntentHeader } from "../signing/intentHeader.ts";
import type { UploadIntent } from "../signing/messages.ts";
import type { SigningNetwork } from "../signing/signingDomain.ts";
import { signUploadIntent } from "../signing/signUploadIntent.ts";

/** Less than the 15 minutes that nodes take, for clocks differ. */
const VALID_SECONDS = 600;
/** An upload that begins with less is refused before it ends its way through a queue. */
const SPARE_SECONDS = 120;

/** Gives the value of the `worker3-intent` header. */
export type Intent = () => Promise<string>;

/**
 * A signed upload intent, made anew where the last one comes to its end.
 *
 * @param intent All but the deadline.
 * @param now The clock in milliseconds.
 */
export function createIntent(
  network: SigningNetwork,
  account: PrivateKeyAccount,
  intent: Omit<UploadIntent, "deadline">,
  now: () => number = Date.now,
): Intent {
  let header: Promise<string> | undefined;
  let deadline = 0;
  return () => {
    const seconds = Math.floor(now() / 1000);
    if (header === undefined || deadline - seconds < SPARE_SECONDS) {
      deadline = seconds + VALID_SECONDS;
      header = sign({ ...intent, deadline: BigInt(deadline) });
    }
    return header;
  };

  async function sign(whole: UploadIntent): Promise<string> {
    const signature = await signUploadIntent({ network, signer: account, intent: whole });
    return encodeIntentHeader({ intent: whole, signature });
  }
}
