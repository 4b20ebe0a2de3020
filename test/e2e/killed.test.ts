import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetworkClient, epochAt, getFacts, usageSettlementAbi } from "@worker3/sdk";
import { testSize } from "@worker3/sdk/testing";
import { decodeFunctionData, getAbiItem, type Hex, multicall3Abi, toFunctionSelector } from "viem";
import { pidOf } from "../../node-agent/src/testing/pidOf.ts";
import { until } from "../../node-agent/src/testing/until.ts";
import { type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { seededRandom } from "../chaos/seededRandom.ts";
import { type OwnAgent, startAgent } from "./support/agents.ts";
import { visit } from "./support/visit.ts";
import { done, type Who } from "./support/worker3.ts";

const EPOCH_SECONDS = 10;
const KILLS = testSize({ short: 4, whole: 20 });
/**
 * When a kill comes after the agent serves: at any moment, and every second time late enough that one that is up so long
 * can settle. Who is never up within the three epochs in which a receipt may come has to lose it.
 */
const MOMENTS_MS = [
  { from: 0, to: 3_000 },
  { from: 4_000, to: 7_000 },
] as const;
const SUBMIT = toFunctionSelector(getAbiItem({ abi: usageSettlementAbi, name: "submit" }));
const AGGREGATE = toFunctionSelector(getAbiItem({ abi: multicall3Abi, name: "aggregate3" }));
const DOMAIN = "killed.worker3.localhost";
/** Another one each time, told with the test: with the same the kills come at the same moments. */
const SEED = Number(process.env.WORKER3_SEED ?? Date.now() % 1_000_000);

describe("an agent that is killed at any moment", function () {
  this.timeout(600_000);

  let devnet: Devnet;
  let folder: string;
  let who: Who;
  let agent: OwnAgent | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-e2e-"));
    await writeFile(join(folder, "index.html"), "<h1>still here</h1>");
    devnet = await startOwnDevnet({ nodes: 1, epochSeconds: EPOCH_SECONDS });
    who = { networkFile: devnet.networkFile, key: devnet.accounts.deployer?.privateKey ?? "" };
  });

  after(async () => {
    agent?.child.kill("SIGTERM");
    await agent?.exited;
    await devnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`loses no receipt and submits none twice, ${KILLS} times killed (WORKER3_SEED=${SEED})`, async () => {
    await done(["deploy", folder, "--domain", DOMAIN, "--nodes", "1", "--deposit", "50", "--yes"], who);
    const [node] = devnet.nodes;
    assert.ok(node);
    const client = createNetworkClient({ network: devnet.network });
    const state = join(devnet.stateDirectory, "n1");

    let isOver = false;
    let answered = 0;
    let sent = 0;
    const visitor = (async () => {
      while (!isOver) {
        try {
          sent += 1;
          const { status, headers } = await visit(node.http, DOMAIN, "/", {
            headers: { connection: "close" },
          });
          if (status === 200) answered += 1;
          else assert.ok(headers["worker3-error"] !== undefined, `status ${status}`);
        } catch {
          // Nobody listens for a moment.
        }
        // A visitor's pace, who waits for nothing.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();

    const random = seededRandom(SEED);
    let pid = node.pid;
    for (let i = 0; i < KILLS; i++) {
      const { from, to } = MOMENTS_MS[i % 2 === 0 ? 0 : 1];
      const moment = from + random() * (to - from);
      // The moment is what is tried: nothing that could be waited for says it.
      await new Promise((resolve) => setTimeout(resolve, moment));
      process.kill(pid, "SIGKILL");
      await agent?.exited;
      agent = startAgent(state);
      const answer = await agent.answer;
      assert.equal(answer.event, "ready", `kill ${i + 1} after ${moment} ms: ${JSON.stringify(answer)}`);
      pid = pidOf(agent.child);
    }
    await until("enough answers to tell", () => answered > 200);
    isOver = true;
    await visitor;
    assert.ok(answered > KILLS * 10, `${answered} answers are too few to tell`);

    const last = epochAt(devnet.network.times, Date.now() / 1000);
    const facts = await until(
      "the last epoch is counted",
      async () => {
        const toBlock = await client.publicClient.getBlockNumber();
        const block = await client.publicClient.getBlock({ blockNumber: toBlock });
        // In time, or never.
        if (epochAt(devnet.network.times, block.timestamp) <= last + devnet.network.times.late)
          return undefined;
        return getFacts({ client: client.publicClient, network: devnet.network, fromBlock: 0n, toBlock });
      },
      { timeoutMs: EPOCH_SECONDS * 8_000 },
    );
    const counted = facts.flatMap((fact) => (fact.kind === "BatchCounted" ? [fact] : []));
    const skipped = facts.filter((fact) => fact.kind === "ReceiptSkipped");
    assert.deepEqual(skipped, [], "a receipt was submitted that does not count");
    const requests = counted.reduce(
      (sum, { args }) => sum + args.lines.reduce((lines, line) => lines + Number(line.requests), 0),
      0,
    );
    // A request whose answer was cut off by the kill was served, but nobody saw that.
    const lost = (await readFile(join(state, "agent.log"), "utf8"))
      .split("\n")
      .filter((line) => /lost/.test(line));
    assert.ok(
      requests >= answered && requests <= sent,
      `${answered} answered <= ${requests} counted <= ${sent} sent: ${lost.join("\n")}`,
    );

    // Each batch went into one transaction, by itself or with others, and none failed.
    const operator = devnet.accounts.operator1?.address;
    const data = new Set<string>();
    for (let number = 0n; number <= (await client.publicClient.getBlockNumber()); number++) {
      const { transactions } = await client.publicClient.getBlock({
        blockNumber: number,
        includeTransactions: true,
      });
      for (const { from, to, input, hash } of transactions) {
        if (from.toLowerCase() !== operator?.toLowerCase()) continue;
        const batches = batchesIn(input);
        if (batches.length === 0) continue;
        for (const batch of batches) assert.ok(!data.has(batch), `a batch of ${hash} was sent twice`);
        for (const batch of batches) data.add(batch);
        const { status } = await client.publicClient.getTransactionReceipt({ hash });
        assert.equal(status, "success", `${hash} to ${to}`);
        const inIt = counted.filter(({ txHash }) => txHash === hash);
        assert.equal(inIt.length, batches.length, `not all batches of ${hash} were counted`);
      }
    }
    assert.ok(data.size > testSize({ short: 0, whole: 3 }), `${data.size} batches`);
  });
});

/** The calls of `submit` that a transaction makes: itself, or through Multicall3. */
function batchesIn(input: Hex): Hex[] {
  if (input.startsWith(SUBMIT)) return [input];
  if (!input.startsWith(AGGREGATE)) return [];
  const { args = [] } = decodeFunctionData({ abi: multicall3Abi, data: input });
  const [calls = []] = args as readonly [(readonly { readonly callData: Hex }[])?];
  return calls.flatMap(({ callData }) => batchesIn(callData));
}
