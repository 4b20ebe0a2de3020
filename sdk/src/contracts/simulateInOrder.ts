import { type Address, type Hex, isHex, numberToHex } from "viem";
import type { ContractError } from "../errors/errorClasses.ts";
import { revertError } from "../errors/revertError.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { type Call, encodeCall } from "./call.ts";

/**
 * Has the RPC make calls one after the other, as an account, on the newest state, and forget them (`eth_simulateV1`).
 *
 * @returns `ok`; what the first that fails is refused with; `unknown` where the RPC does not simulate so.
 */
export async function simulateInOrder(
  { publicClient }: NetworkClient,
  from: Address,
  calls: readonly Call[],
): Promise<"ok" | "unknown" | ContractError> {
  const encoded = calls.map((call) => ({ from, value: numberToHex(0), ...inputOf(call) }));
  let told: unknown;
  try {
    told = await publicClient.request(
      { method: "eth_simulateV1", params: [{ blockStateCalls: [{ calls: encoded }] }, "latest"] } as never,
      { retryCount: 0 },
    );
  } catch {
    return "unknown"; // the method is newer than many RPCs; whoever is away tells so at the next question
  }
  const outcomes = outcomesOf(told);
  if (outcomes.length !== calls.length) return "unknown";
  const failed = outcomes.find(({ status }) => status !== "0x1");
  if (failed === undefined) return "ok";
  return revertError(dataOf(failed));
}

function inputOf(call: Call): { to: Address; input: Hex } {
  const { to, data } = encodeCall(call);
  return { to, input: data };
}

interface Outcome {
  readonly status?: unknown;
  readonly returnData?: unknown;
  readonly error?: unknown;
}

function outcomesOf(told: unknown): readonly Outcome[] {
  const block: unknown = Array.isArray(told) ? told[0] : undefined;
  if (typeof block !== "object" || block === null || !("calls" in block)) return [];
  return Array.isArray(block.calls) ? block.calls : [];
}

/** The bytes of a refusal are returned by some and stand in the error of others. */
function dataOf({ returnData, error }: Outcome): Hex | undefined {
  if (isHex(returnData) && returnData !== "0x") return returnData;
  const data: unknown =
    typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
  return isHex(data) && data !== "0x" ? data : undefined;
}
