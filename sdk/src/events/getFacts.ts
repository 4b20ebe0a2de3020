import type { Fact } from "./Fact.ts";
import { type StreamFactsParameters, streamFacts } from "./streamFacts.ts";

/**
 * All facts of a range of blocks, in the order of the chain. For a long range use `streamFacts`, which keeps only a
 * chunk in memory.
 *
 * @throws {RpcError} The chain cannot be asked.
 * @throws {FactError} A log is no fact of the network.
 */
export async function getFacts(parameters: StreamFactsParameters): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const chunk of streamFacts(parameters)) {
    for (const fact of chunk.facts) facts.push(fact);
  }
  return facts;
}
