import { type ContractError, contractError, type EncodedCall, revertError } from "@worker3/sdk";
import {
  type Address,
  decodeFunctionData,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  multicall3Abi,
  type PublicClient,
  toFunctionSelector,
} from "viem";

/** Where Multicall3 is on nearly every chain: its deployment was signed ahead, once for all chains. */
export const MULTICALL3: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";

const AGGREGATE = toFunctionSelector("aggregate3((address,bool,bytes)[])");

/** Several calls as one transaction, in their order: one that is refused takes none of the others with it. */
export function aggregate(multicall: Address, calls: readonly EncodedCall[]): EncodedCall {
  return { to: multicall, data: encodeAggregate(calls, true) };
}

/**
 * The same transaction as one that fails where any of its calls does; any other call as it is. Its gas is what all of them
 * need: of the lenient form, a chain finds the least with which the outer call goes well, and that is too little for the
 * inner ones.
 */
export function strictly({ to, data }: EncodedCall): EncodedCall {
  const calls = callsIn(data);
  return { to, data: calls === undefined ? data : encodeAggregate(calls, false) };
}

/**
 * Why the first of the calls in a transaction is refused that is; undefined where none is, or where it holds no calls.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function firstRefusal(
  client: Pick<PublicClient, "call">,
  { to, data }: EncodedCall,
  account: Address,
): Promise<ContractError | undefined> {
  if (callsIn(data) === undefined) return undefined;
  try {
    const answer = await client.call({ account, to, data });
    // An account without code answers with nothing.
    if (answer.data === undefined) return undefined;
    const results = decodeFunctionResult({
      abi: multicall3Abi,
      functionName: "aggregate3",
      data: answer.data,
    });
    const refused = results.find(({ success }) => !success);
    return refused === undefined ? undefined : revertError(refused.returnData);
  } catch (cause) {
    throw contractError(cause);
  }
}

function callsIn(data: Hex): EncodedCall[] | undefined {
  if (!data.startsWith(AGGREGATE)) return undefined;
  const { functionName, args } = decodeFunctionData({ abi: multicall3Abi, data });
  if (functionName !== "aggregate3") return undefined;
  return args[0].map(({ target, callData }) => ({ to: target, data: callData }));
}

function encodeAggregate(calls: readonly EncodedCall[], allowFailure: boolean): Hex {
  return encodeFunctionData({
    abi: multicall3Abi,
    functionName: "aggregate3",
    args: [calls.map(({ to, data }) => ({ target: to, allowFailure, callData: data }))],
  });
}
