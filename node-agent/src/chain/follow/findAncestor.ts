import { BlockNotFoundError } from "viem";
import type { Checkpoint, CheckpointTable } from "../../ledger/checkpointTable.ts";
import type { Provider } from "./providers.ts";

/**
 * The newest checkpoint that is still part of the chain; undefined where none is. The first one asked is the cursor, so
 * a chain that only grew costs one question.
 */
export async function findAncestor(
  { client }: Provider,
  checkpoints: Pick<CheckpointTable, "newest">,
): Promise<Checkpoint | undefined> {
  for (let at = checkpoints.newest(); at !== undefined; at = checkpoints.newest(at.number - 1n)) {
    if ((await hashOf(client, at.number)) === at.hash) return at;
  }
  return undefined;
}

async function hashOf(client: Provider["client"], blockNumber: bigint): Promise<string | undefined> {
  try {
    return (await client.getBlock({ blockNumber })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw error;
  }
}
