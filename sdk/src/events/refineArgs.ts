import { isHex } from "viem";
import { releaseReason } from "../contracts/names/words.ts";
import { skipReason } from "../contracts/settlement/batches.ts";
import { type PriceList, pricesFrom } from "../contracts/settlement/epochs.ts";
import type { FactContract } from "../contracts/table.ts";
import { regionCode } from "../protocol/regionCode.ts";
import { regionsOf } from "../protocol/regionsOf.ts";
import { decodeLines } from "../receipts/decodeLines.ts";

/** Brings the arguments of an event into the form of `FactArgs`. */
export function refineArgs(contract: FactContract, args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => refine(contract, name, value)));
}

function refine(contract: FactContract, name: string, value: unknown): [name: string, value: unknown] {
  if (typeof value === "number") {
    if (name === "cap" || name === "leastCap" || name === "maxCap") return [name, BigInt(value)];
    if (name === "region") return [name, regionCode(value)];
    if (name === "regionMask") return ["regions", regionsOf(value)];
    if (name === "reason")
      return [name, contract === "nameRegistry" ? releaseReason(value) : skipReason(value)];
  }
  if (name === "lines" && isHex(value)) return [name, decodeLines(value)];
  if (name === "prices") return [name, pricesFrom(value as PriceList)];
  return [name, value];
}
