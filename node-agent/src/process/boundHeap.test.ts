import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Makes garbage of middle age, as a chunk of logs is, twenty times what is kept; says how the heap stands then, in MB. */
const CHURN = `
  import { getHeapSpaceStatistics } from "node:v8";
  const { boundHeap } = await import(${JSON.stringify(new URL("./boundHeap.ts", import.meta.url).href)});
  if (process.argv[1] === "bound") boundHeap();
  const kept = [];
  for (let i = 0; i < 4_000_000; i++) kept[i % 200_000] = { number: i, list: [i] };
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(Math.round(young.space_size / 1e6));
`;

describe("boundHeap", () => {
  async function youngMegabytes(how: string): Promise<number> {
    const args = ["--conditions=source", "--input-type=module", "-e", CHURN, how];
    return Number((await run(process.execPath, args)).stdout);
  }

  it("keeps the young generation a fraction of what it grows to without it", async () => {
    const bound = await youngMegabytes("bound");
    const free = await youngMegabytes("as it is");
    // Mostly 2 MB and 67 MB; collector threads that lose their time slice leave the first at up to 7.
    assert.ok(4 * bound < free, `${bound} MB, and ${free} MB without it`);
  }).timeout(60_000);
});
