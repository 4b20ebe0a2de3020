import { REGIONS, type Region } from "@worker3/sdk";
import { nodeId } from "./wholeNumber.ts";

/** Node ids between commas, each once, at most the 8 that have a seat. */
export function nodeIds(text: string): number[] {
  const ids = text.split(",").map((part) => nodeId(part.trim()));
  if (new Set(ids).size !== ids.length) throw new RangeError("each node is named once");
  if (ids.length > 8) throw new RangeError("a project has at most 8 replicas");
  return ids;
}

/** Region codes between commas. */
export function regions(text: string): Region[] {
  return text.split(",").map((part) => region(part.trim()));
}

/** A region's code. */
export function region(text: string): Region {
  const found = REGIONS.find((code) => code === text);
  if (found !== undefined) return found;
  throw new RangeError(`the regions are ${REGIONS.join(", ")}`);
}
