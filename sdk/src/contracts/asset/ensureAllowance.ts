import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import type { Mined, WriteOptions } from "../sendCall.ts";
import { senderOf } from "../senderOf.ts";
import { allowanceOf } from "./allowanceOf.ts";
import { approve } from "./approve.ts";

export interface EnsureAllowanceParameters extends WriteOptions {
  readonly spender: Address;
  /** Base units that the next call will take. */
  readonly amount: bigint;
}

/**
 * Approves `amount` to a contract, unless it may take that much already.
 *
 * @returns The approval; undefined when none was needed.
 * @throws What every write throws, see `sendCall`.
 */
export async function ensureAllowance(
  client: NetworkWriter,
  parameters: EnsureAllowanceParameters,
): Promise<Mined | undefined> {
  const { spender, amount } = parameters;
  const { address: owner } = senderOf(client, parameters.account);
  const allowed = await allowanceOf(client, { owner, spender });
  if (allowed >= amount) return undefined;
  return approve(client, parameters);
}
