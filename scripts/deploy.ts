/**
 * `npm run deploy -- --network NAME`: deploys the contracts by Hardhat Ignition and writes `networks/NAME.json`, the file
 * that `--network` of the command reads. Parameters come from `ignition/parameters/NAME.json`. A deployment that was cut
 * off goes on where it stopped; on a devnet, whose chain is new each time, every run starts anew.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import hre from "hardhat";
import { deployWorker3 } from "../ignition/deployWorker3.ts";
import { readParameters } from "../ignition/parameters.ts";

const root = join(import.meta.dirname, "..");
const connection = await hre.network.create();
const { networkName, networkConfig } = connection;
if (networkConfig.type !== "http") {
  throw new Error(`${networkName} lives only as long as this process: name a network with --network.`);
}

const parameters = await readParameters(join(root, "ignition/parameters", `${networkName}.json`));
const network = await deployWorker3(connection, parameters, {
  displayUi: true,
  rpcUrl: await networkConfig.url.get(),
});

const file = join(root, "networks", `${networkName}.json`);
await mkdir(join(root, "networks"), { recursive: true });
await writeFile(file, `${JSON.stringify(network, undefined, 2)}\n`);
console.log(`Wrote ${file}`);
