/**
 * Packs a folder, deploys it at a name of the zone and pays for it. Run it with
 * `npx node --conditions=source docs/examples/deploy.ts FOLDER NAME` and WORKER3_PRIVATE_KEY in the environment.
 */
import { readFile } from "node:fs/promises";
import {
  asset,
  createNetworkWriter,
  escrow,
  parseAmount,
  parseNetwork,
  projects,
  Worker3Error,
} from "@worker3/sdk";
import { packFolder } from "@worker3/sdk/node";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const [folder = ".", name = "hello"] = process.argv.slice(2);
const network = parseNetwork(JSON.parse(await readFile("networks/devnet.json", "utf8")));
const account = privateKeyToAccount(process.env.WORKER3_PRIVATE_KEY as Hex);
const client = createNetworkWriter({ network, account });

await using packed = await packFolder(folder);
try {
  const { projectId, version } = await projects.deploy(client, {
    domain: `${name}.${network.zone}`,
    cid: packed.cid,
  });
  const amount = parseAmount("10");
  await asset.ensureAllowance(client, { spender: network.contracts.creditEscrow, amount });
  const { balance } = await escrow.deposit(client, { projectId, amount });
  console.log(`Project ${projectId} has version ${version} (${packed.cid}) and ${balance} units of credit.`);
} catch (error) {
  if (!(error instanceof Worker3Error)) throw error;
  console.error(JSON.stringify({ error }));
  process.exitCode = 1;
}
