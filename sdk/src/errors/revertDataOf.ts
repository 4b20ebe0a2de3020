import { BaseError, ContractFunctionRevertedError, type Hex, isHex } from "viem";

/**
 * The bytes that a reverted call gave back, wherever the client or the RPC put them; undefined where there are none.
 * Nodes differ: some send `data` as text, some as an object with `data`, some inside a JSON-RPC error below.
 */
export function revertDataOf(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined;
  let data: Hex | undefined;
  error.walk((cause) => {
    data ??= cause instanceof ContractFunctionRevertedError ? cause.raw : dataOf(cause);
    return data !== undefined;
  });
  return data === "0x" ? undefined : data;
}

function dataOf(cause: unknown): Hex | undefined {
  if (typeof cause !== "object" || cause === null || !("data" in cause)) return undefined;
  const { data } = cause;
  if (isHex(data)) return data;
  return dataOf(data);
}
