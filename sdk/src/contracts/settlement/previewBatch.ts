import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { type CountedReceipt, countBatch } from "../../protocol/countBatch.ts";
import type { Receipt } from "../../receipts/receipt.ts";
import { accountOf } from "../escrow.ts";
import { termsWords } from "../projects/terms.ts";
import type { ReadOptions } from "../readView.ts";
import { pricesAt } from "./pricesAt.ts";
import { ringOf } from "./ringOf.ts";

export interface PreviewBatchParameters extends ReadOptions {
  readonly nodeId: number;
  readonly epoch: number;
  readonly receipts: readonly Receipt[];
}

/**
 * What `submit` would do with each receipt. A batch of which nothing counts is refused as a whole (`NOTHING_COUNTED`)
 * without saying why; this says it.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function previewBatch(
  client: NetworkClient,
  { nodeId, epoch, receipts, at }: PreviewBatchParameters,
): Promise<CountedReceipt[]> {
  const projectIds = [...new Set(receipts.map(({ projectId }) => projectId))];
  const [prices, words, rings, accounts] = await Promise.all([
    pricesAt(client, { epoch, at }),
    termsWords(client, { projectIds, epoch, at }),
    Promise.all(projectIds.map((projectId) => ringOf(client, { projectId, at }))),
    Promise.all(projectIds.map((projectId) => accountOf(client, { projectId, at }))),
  ]);
  const projects = new Map(
    projectIds.map((projectId, i) => [
      projectId,
      { terms: words[i] ?? 0n, ring: rings[i] ?? 0n, balance: accounts[i]?.balance ?? 0n },
    ]),
  );
  const nothing = { terms: 0n, ring: 0n, balance: 0n };
  const projectOf = (projectId: bigint) => projects.get(projectId) ?? nothing;
  return countBatch({ nodeId, epoch, prices, receipts, projectOf });
}
