/** Syncs an empty ledger and the view of it to a chain's head and prints what that took: `syncOnce.ts NETWORK_JSON LEDGER_FILE`. */
import { parseNetwork } from "@worker3/sdk";
import { createFollower } from "../../../node-agent/src/chain/follow/createFollower.ts";
import { createChainView } from "../../../node-agent/src/chain/view/createChainView.ts";
import { checkpointTable } from "../../../node-agent/src/ledger/checkpointTable.ts";
import { factTable } from "../../../node-agent/src/ledger/factTable.ts";
import { openLedger } from "../../../node-agent/src/ledger/openLedger.ts";
import { projectTable } from "../../../node-agent/src/ledger/projectTable.ts";
import { createLogger } from "../../../node-agent/src/logging/createLogger.ts";
import { boundHeap } from "../../../node-agent/src/process/boundHeap.ts";

boundHeap();
const [networkText = "", ledgerFile = ""] = process.argv.slice(2);
const network = parseNetwork(JSON.parse(networkText));
const nodeId = 1;
const ledger = openLedger(ledgerFile);
const [facts, projects] = [factTable(ledger), projectTable(ledger)];
const view = createChainView({ ledger, facts, projects, network, nodeId });
const tables = { ledger, facts, checkpoints: checkpointTable(ledger), projects, view };
const stop = new AbortController();
const started = performance.now();
const follower = createFollower({
  tables,
  network,
  nodeId,
  settings: { pollMs: 1_000, requestTimeoutMs: 60_000, backfillBlocks: 10_000, stalledMs: 600_000 },
  logger: createLogger({ level: "warn" }),
});
await follower.follow({
  signal: stop.signal,
  onHead: ({ head, error }) => {
    if (error !== undefined) console.error(error.toJSON());
    if (head !== undefined && error === undefined) stop.abort();
  },
});
const seconds = (performance.now() - started) / 1000;
// As an agent does at its start, which looks at every project of its own.
const own = projects.listOwn().map(view.project);
let known = 0;
while (view.projectAt(`p-${known}.${network.zone}`) !== undefined) known += 1;
console.log(
  JSON.stringify({
    seconds,
    // Linux gives kilobytes.
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
    facts: tables.facts.count(),
    projects: known,
    own: own.length,
    head: Number(follower.status().head?.number),
  }),
);
ledger.close();
