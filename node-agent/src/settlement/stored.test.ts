import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { amountOf, carOf, epochStart, type FolderEntry, getFacts, pack, parseStatement } from "@worker3/sdk";
import { TEST_PRICES } from "@worker3/sdk/testing";
import { emptyRecord } from "../chain/view/chainProject.ts";
import type { ContentStore } from "../content/ContentStore.ts";
import { openContentStore } from "../content/openContentStore.ts";
import { openLedger } from "../ledger/openLedger.ts";
import { createStoredBook } from "../metering/createStoredBook.ts";
import { heldBytes } from "../metering/heldBytes.ts";
import { CAP, SettlementWorld } from "../testing/settlementWorld.ts";

const MIB = 1_048_576;
const SILENT = { debug: () => {}, info: () => {}, warn: () => {} };

/** A site of some MiB: of its CAR a bit more, which nobody is charged. */
function site(mebibytes: number): FolderEntry[] {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  return [
    { path: ".worker3/manifest.json", content: utf8('{"assets":{},"manifest":2}') },
    ...Array.from({ length: mebibytes }, (_, i) => ({
      path: `${i}.bin`,
      content: new Uint8Array(MIB).fill(i + 1),
    })),
  ];
}

describe("what a seat held, on a chain", function () {
  this.timeout(120_000);

  let world: SettlementWorld;
  let home: string;
  let content: ContentStore;
  let cid: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-stored-"));
    world = await SettlementWorld.create();
    const directory = join(home, "content");
    content = await openContentStore({
      directory,
      ledger: openLedger(":memory:"),
      limits: {},
      logger: SILENT,
    });
    const car = await carOf(site(3));
    cid = (await pack(site(3))).cid;
    await content.put(
      cid,
      (async function* () {
        yield car;
      })(),
    );
  });
  after(async () => {
    await world?.net.stop();
    await rm(home, { recursive: true, force: true });
  });

  it("a site of 3 MiB that was served for half an epoch, through a restart of the agent, is 1 MiB on its receipt", async () => {
    const nodeId = await world.register();
    const projectId = await world.createProject(nodeId, 50n * CAP);
    const idle = await world.createProject(nodeId, 50n * CAP);
    const path = join(home, "ledger.sqlite");
    const { times } = world.net.network;
    const e = await world.net.epoch();
    const firstMs = epochStart(times, e) * 1_000;
    const project = { ...emptyRecord(projectId).project, versions: [{ version: 1, cid }], active: 1 };

    /** An agent that serves the project for a while, looking each second. */
    async function serve(fromSecond: number, seconds: number): Promise<void> {
      const agent = await world.openAgent({ nodeId, path });
      let nowMs = firstMs + fromSecond * 1_000;
      const { meter } = agent;
      const book = createStoredBook({
        meter,
        times,
        nowMs: () => nowMs,
        held: () =>
          heldBytes({
            served: [projectId],
            project: () => project,
            funded: () => true,
            bytesOf: content.bytesOf,
          }),
      });
      for (let second = 1; second <= seconds; second++) {
        nowMs += 1_000;
        book.book();
      }
      book.flush();
      assert.equal(meter.usedIn(e).get(projectId)?.storedSeconds, fromSecond === 100 ? seconds : 1_800);
      agent.ledger.close();
    }
    await serve(100, 900);
    await serve(2_000, 900);

    const agent = await world.openAgent({ nodeId, path });
    assert.equal(agent.settlement.usageOf({ projectId, epoch: e })?.totals.storedMiB, "1");
    await world.net.toEpoch(e + 1);
    await agent.rounds();
    const { publicClient, network } = world.projectOwner;
    const toBlock = await publicClient.getBlockNumber();
    const facts = await getFacts({ client: publicClient, network, fromBlock: 0n, toBlock });
    const lines = facts.flatMap((fact) => (fact.kind === "BatchCounted" ? fact.args.lines : []));
    const usage = { requests: 0n, cpuMs: 0n, egressKiB: 0n, storedMiB: 1n };
    assert.deepEqual(lines, [{ projectId, ...usage, amount: amountOf(TEST_PRICES, CAP, usage) }]);
    assert.ok(!lines.some((line) => line.projectId === idle));
    const text = agent.settlement.statementText({ projectId, epoch: e }) ?? "";
    const { storage } = parseStatement(JSON.parse(text));
    assert.equal(storage.seconds, 1_800);
    assert.equal(BigInt(storage.byteSeconds) / 1_800n, BigInt(content.bytesOf(cid) ?? 0));
    agent.ledger.close();
  });
});
