import { startServingNode } from "../../../node-agent/src/serving/testing/startServingNode.ts";
import { swapUnderLoad } from "../../../node-agent/src/serving/testing/swapUnderLoad.ts";
import { quantile } from "../support/quantile.ts";
import type { Row } from "../table.ts";

const VISITORS = 8;

/** What visitors lose while versions go live one after the other. */
export async function swaps(count: number): Promise<Row[]> {
  console.error(`${count} swaps under load ...`);
  await using node = await startServingNode();
  const { lost, answered, swapMs } = await swapUnderLoad(node, {
    projectId: 1n,
    swaps: count,
    visitors: VISITORS,
  });
  for (const reason of new Set(lost)) console.error(`lost: ${reason}`);
  return [
    {
      what: `requests lost in ${count} swaps, of ${answered + lost.length}`,
      value: lost.length,
      unit: "requests",
      goal: 0,
    },
    {
      what: "a swap, from the order to the first page, p50",
      value: Math.round(quantile(swapMs, 0.5)),
      unit: "ms",
    },
  ];
}
