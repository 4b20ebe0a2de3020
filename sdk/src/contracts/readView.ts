import type {
  Abi,
  BlockTag,
  ContractFunctionArgs,
  ContractFunctionName,
  ContractFunctionParameters,
  ReadContractParameters,
  ReadContractReturnType,
} from "viem";
import { contractError } from "../errors/contractError.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

/** What every read takes besides its own arguments. */
export interface ReadOptions {
  /** The block whose state is asked: its number, or a tag such as `finalized`. Absent: the newest. */
  readonly at?: bigint | BlockTag | undefined;
}

interface ReadViewOptions extends ReadOptions {
  /** Not together with other reads: for answers that grow with the question. */
  readonly alone?: boolean | undefined;
}

/**
 * Asks one view. Reads that start in the same tick share a round trip.
 *
 * @throws {ContractError} The contract refuses: there is no such project or node, ...
 * @throws {RpcError} The chain could not be asked.
 */
export async function readView<
  const abi extends Abi,
  functionName extends ContractFunctionName<abi, "view" | "pure">,
  const args extends ContractFunctionArgs<abi, "view" | "pure", functionName>,
>(
  { publicClient }: NetworkClient,
  call: ContractFunctionParameters<abi, "view" | "pure", functionName, args>,
  { at, alone = false }: ReadViewOptions = {},
): Promise<ReadContractReturnType<abi, functionName, args>> {
  try {
    const parameters = {
      ...call,
      ...blockOf(at),
      ...(alone ? { batch: false } : {}),
    } as unknown as ReadContractParameters<abi, functionName, args>;
    return await publicClient.readContract(parameters);
  } catch (cause) {
    throw contractError(cause);
  }
}

/** The block in viem's words. */
function blockOf(at: ReadOptions["at"]): { blockNumber?: bigint; blockTag?: BlockTag } {
  if (at === undefined) return {};
  return typeof at === "bigint" ? { blockNumber: at } : { blockTag: at };
}
