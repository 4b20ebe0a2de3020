import { createHash } from "node:crypto";
import { isVouchedBy, type VouchingQuestion } from "@worker3/sdk";
import type { PublicClient } from "viem";
import { Pace } from "../process/Pace.ts";
import { ApiError } from "./ApiError.ts";
import { shareForMoment } from "./shareForMoment.ts";

export interface VouchingOptions {
  readonly publicClient: Pick<PublicClient, "call">;
  /** A steady clock, for tests. */
  readonly nowMs?: (() => number) | undefined;
}

/** Questions that wait for the RPC at once. */
const MAX_OPEN = 8;
/** Of one signer: its own uploads, and whoever sends what it did not sign. */
const PER_SIGNER = { perSecond: 2, burst: 10 };
const TOTAL = { perSecond: 10, burst: 30 };
const ALL = "";
/** Who asks the same again, or at the same time, has it asked once. Short, since a wallet may take another key at any time. */
const SHARED_MS = 1_000;

/**
 * Asks contracts whether they vouch for a signature, for strangers who may send as many wrong ones as they like: each is a
 * question to the operator's RPC, which runs code of the signer's choice, or of the stranger's where a wallet is made first.
 * Whoever calls it has made sure that the signer has a right by the chain.
 *
 * @returns As `isVouchedBy` of the sdk; rejects with {ApiError} `NODE_BUSY` where too much was asked already; {RpcError}.
 */
export function createVouching(options: VouchingOptions): (question: VouchingQuestion) => Promise<boolean> {
  const { nowMs = () => performance.now() } = options;
  const perSigner = new Pace(PER_SIGNER);
  const total = new Pace(TOTAL);
  let open = 0;

  async function ask(question: VouchingQuestion): Promise<boolean> {
    const { signer } = question;
    const now = nowMs();
    const isTooOften = perSigner.waitMs(signer, now) > 0 || total.waitMs(ALL, now) > 0;
    if (isTooOften || open >= MAX_OPEN) throw busy(signer);
    perSigner.take(signer, now);
    total.take(ALL, now);
    open += 1;
    try {
      return await isVouchedBy(question, options.publicClient);
    } finally {
      open -= 1;
    }
  }

  return shareForMoment({ ms: SHARED_MS, nowMs, keyOf }, ask);
}

/** Short, however long the signature is. */
function keyOf({ hash, signature, signer, takesUndeployed }: VouchingQuestion): string {
  return createHash("sha256").update([hash, signature, signer, takesUndeployed].join(" ")).digest("base64");
}

function busy(signer: string): ApiError {
  return new ApiError({
    code: "NODE_BUSY",
    message: "the node has asked the chain about too many signatures of contracts",
    value: signer,
    next: "ask again in a moment, or sign with the key of a delegate",
  });
}
