import type { BlockTag } from "viem";
import { contractError } from "../errors/contractError.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { Call } from "./call.ts";

/** What every read takes besides its own arguments. */
export interface ReadOptions {
  /** The block whose state is asked: its number, or a tag such as `finalized`. Absent: the newest. */
  readonly at?: bigint | BlockTag | undefined;
}

interface ReadCallOptions extends ReadOptions {
  /** Not together with other reads: for answers that grow with the question. */
  readonly alone?: boolean | undefined;
}

/**
 * Asks one view. Reads that start in the same tick share a round trip.
 *
 * @throws {ContractError} The contract refuses: there is no such project or node, ...
 * @throws {RpcError} The chain could not be asked.
 */
export async function readCall(
  { publicClient }: NetworkClient,
  call: Call,
  { at, alone = false }: ReadCallOptions = {},
): Promise<unknown> {
  try {
    return await publicClient.readContract({ ...call, ...blockOf(at), ...(alone ? { batch: false } : {}) });
  } catch (cause) {
    throw contractError(cause);
  }
}

/** The block in viem's words. */
function blockOf(at: ReadOptions["at"]): { blockNumber?: bigint; blockTag?: BlockTag } {
  if (at === undefined) return {};
  return typeof at === "bigint" ? { blockNumber: at } : { blockTag: at };
}

/** Reads under way at a time: they share round trips, and a network of any size fits the memory. */
const WINDOW = 500;

/**
 * Asks one view for many inputs, in few round trips and in their order; undefined where it fails with `absent`, the code
 * for "there is none".
 *
 * @throws What the view throws otherwise.
 */
export async function readEach<input, value>(
  client: NetworkClient,
  view: (client: NetworkClient, parameters: input) => Promise<value>,
  { inputs, absent }: { readonly inputs: readonly input[]; readonly absent: string },
): Promise<(value | undefined)[]> {
  const values: (value | undefined)[] = [];
  for (let start = 0; start < inputs.length; start += WINDOW) {
    const reads = inputs.slice(start, start + WINDOW).map((input) =>
      view(client, input).catch((error: unknown) => {
        if (error instanceof Worker3Error && error.code === absent) return undefined;
        throw error;
      }),
    );
    values.push(...(await Promise.all(reads)));
  }
  return values;
}
