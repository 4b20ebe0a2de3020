import type { RecoverKeyParameters } from "@worker3/sdk";
import type { Address, Hash, Hex } from "viem";

/** To the thread. */
export type KeyTask =
  | { readonly type: "sign"; readonly id: number; readonly hash: Hash }
  | ({ readonly type: "recover"; readonly id: number } & RecoverKeyParameters);

/** Back, in the order of the tasks: the signature, or whose key signed, if anybody's did. */
export interface KeyResult {
  readonly id: number;
  readonly value?: Hex | Address | undefined;
  /** What went wrong. */
  readonly error?: unknown;
}
