/**
 * Packs a folder, deploys it at a name of the zone, pays for it, brings it to its nodes and waits until they serve it. Run
 * it with `npx node --conditions=source docs/examples/deploy.ts FOLDER NAME`, WORKER3_PRIVATE_KEY in the environment, beside
 * a devnet. FOLDER is a deployment folder: the files of a site, and beside them `.worker3/manifest.json` as the docs say.
 */
import { readFile } from "node:fs/promises";
import {
  asset,
  createIntent,
  createNetworkWriter,
  escrow,
  lens,
  parseAmount,
  parseDeploymentCid,
  parseNetwork,
  projects,
  replicasOf,
  uploadToReplicas,
  urlsOf,
  Worker3Error,
  waitForVersion,
} from "@worker3/sdk";
import { packFolder, putCar } from "@worker3/sdk/node";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const [folder = ".", name = "hello"] = process.argv.slice(2);
try {
  const network = parseNetwork(JSON.parse(await readFile(".worker3/devnet.json", "utf8")));
  const account = privateKeyToAccount(process.env.WORKER3_PRIVATE_KEY as Hex);
  const client = createNetworkWriter({ network, account });
  await using packed = await packFolder(folder);
  const { cid, carBytes } = packed;
  const domain = `${name}.${network.zone}`;

  const { projectId, version } = await projects.deploy(client, { domain, cid });
  const amount = parseAmount("10");
  // By name: it goes to the project that this account's deployment went to, or nowhere.
  const payment = { domain, owner: account.address, amount };
  const { balance } = await asset.spend(client, {
    spender: network.contracts.creditEscrow,
    amount,
    call: escrow.depositAt.call(client, payment),
    send: () => escrow.depositAt(client, payment),
  });
  console.log(`Project ${projectId} has version ${version} (${cid}) and ${balance} units of credit.`);

  const { owner, nodeIds } = await lens.projectOf(client, { projectId });
  const replicas = await replicasOf(client, nodeIds);
  const { digest } = parseDeploymentCid(cid);
  const bytes = BigInt(carBytes);
  await uploadToReplicas({
    replicas,
    car: { cid, bytes: carBytes, open: (signal) => packed.car({ signal }) },
    put: putCar,
    intent: createIntent(network, account, { projectId, owner, digest, bytes }),
    behindMs: 10_000,
  });
  await waitForVersion({
    replicas,
    projectId,
    reached: ({ active }) => active === version,
    since: performance.now(),
    timeoutMs: 30_000,
  });
  console.log(`It is served at ${urlsOf(domain, replicas).join(" ")}`);
} catch (error) {
  if (!(error instanceof Worker3Error)) throw error;
  console.error(JSON.stringify({ error }));
  process.exitCode = 1;
}
