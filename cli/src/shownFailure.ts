import { amountCodes } from "@worker3/sdk";
import { formatEther } from "viem";
import type { FailureDocument } from "./failureOf.ts";
import { usd } from "./text/usd.ts";

/** A failure's document as a person reads it: scripts get amounts in base units, people in USD, or in the chain's own coin. */
export function shownFailure(document: FailureDocument): FailureDocument {
  const { code, value } = document;
  if (value === undefined || !/^\d+$/.test(value)) return document;
  if (code === "NO_GAS")
    return { ...document, value: `${formatEther(BigInt(value))} of the chain's own coin` };
  return amountCodes().has(code) ? { ...document, value: usd(BigInt(value)) } : document;
}
