export { type DecodeFactsParameters, decodeFacts } from "./decodeFacts.ts";
export type { Fact, FactArgs, FactKind, FactPlace } from "./Fact.ts";
export { FactError } from "./FactError.ts";
export { getFacts } from "./getFacts.ts";
export {
  type AskRange,
  type BlockRange,
  type RangeAnswer,
  readRange,
  streamRange,
} from "./readRange.ts";
export { type FactChunk, type StreamFactsParameters, streamFacts } from "./streamFacts.ts";
