/** Syncs an empty ledger to a chain's head and prints what that took: `syncOnce.ts NETWORK_JSON LEDGER_FILE`. */
import { parseNetwork } from "@worker3/sdk";
import { followChain } from "../../../node-agent/src/chain/followChain.ts";
import { checkpointTable } from "../../../node-agent/src/ledger/checkpointTable.ts";
import { factTable } from "../../../node-agent/src/ledger/factTable.ts";
import { openLedger } from "../../../node-agent/src/ledger/openLedger.ts";
import { projectTable } from "../../../node-agent/src/ledger/projectTable.ts";
import { createLogger } from "../../../node-agent/src/logging/createLogger.ts";

const [networkText = "", ledgerFile = ""] = process.argv.slice(2);
const ledger = openLedger(ledgerFile);
const tables = {
  ledger,
  facts: factTable(ledger),
  checkpoints: checkpointTable(ledger),
  projects: projectTable(ledger),
};
const stop = new AbortController();
const started = performance.now();
const follower = followChain({
  tables,
  network: parseNetwork(JSON.parse(networkText)),
  nodeId: 1,
  pollMs: 1_000,
  requestTimeoutMs: 60_000,
  backfillBlocks: 10_000,
  confirmations: undefined,
  logger: createLogger({ level: "warn" }),
  signal: stop.signal,
  onHead: ({ head, error }) => {
    if (error !== undefined) console.error(error.toJSON());
    if (head !== undefined && error === undefined) stop.abort();
  },
});
await follower.done;
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    seconds,
    // Linux gives kilobytes.
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
    facts: tables.facts.count(),
    projects: tables.projects.listOwn().length,
    head: Number(follower.status().head?.number),
  }),
);
ledger.close();
