/**
 * Prints what is known of a project, and whether its nodes could run a worker with a KV namespace. Run it with
 * `npx node --conditions=source docs/examples/ask.ts PROJECT`, beside a devnet.
 */
import { readFile } from "node:fs/promises";
import {
  askSupport,
  createNetworkClient,
  lens,
  type Manifest,
  parseNetwork,
  readDomains,
  readReceiptStates,
  readReceipts,
  readUsage,
  readVersions,
  replicasOf,
} from "@worker3/sdk";

const projectId = BigInt(process.argv[2] ?? "1");
// A devnet's document holds its network, and so does `networks/<name>.json` of a network that is deployed.
const network = parseNetwork(JSON.parse(await readFile(".worker3/devnet.json", "utf8")));
const client = createNetworkClient({ network });

const versions = await readVersions(client, { projectId });
console.log("versions", versions.map(({ version, cid }) => `${version} ${cid}`).join(", "));
console.log("domains ", (await readDomains(client, { projectId })).join(", "));

for (const { epoch, nodes, silent } of await readUsage(client, { projectId, count: 3 })) {
  for (const { nodeId, requests, state } of nodes) console.log("usage   ", epoch, nodeId, requests, state);
  for (const { nodeId, error } of silent) console.log("usage   ", epoch, nodeId, error.code);
}

const { nodeIds } = await lens.projectOf(client, { projectId });
const receipts = await readReceipts(client, { projectId, nodeIds: nodeIds.filter((nodeId) => nodeId !== 0) });
const states = await readReceiptStates(client, { receipts });
for (const [index, { nodeId, epoch, line }] of receipts.entries()) {
  console.log("receipt ", epoch, nodeId, line.amount, states[index]);
}

const manifest: Manifest = { manifest: 2, bindings: [{ type: "kv", name: "NOTES", id: "notes" }] };
const answers = await askSupport(await replicasOf(client, nodeIds), { manifest });
for (const { nodeId, runs, error } of answers) console.log("support ", nodeId, runs, error?.message ?? "");
