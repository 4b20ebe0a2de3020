/**
 * A process of its own for Hardhat and Ignition, which take 250 MB and seconds to load: it begins to load while the chain
 * starts, and is gone once the contracts are deployed.
 *
 * Takes a `DeployRequest` from its parent and answers with a `DeployAnswer`.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import hre from "hardhat";
import { committedArtifacts } from "../../ignition/artifacts.ts";
import { deployWorker3 } from "../../ignition/deployWorker3.ts";
import { parametersToJson, readParameters } from "../../ignition/parameters.ts";
import type { DeployAnswer, DeployRequest } from "./startDeployer.ts";

process.once("disconnect", stop);
process.once("SIGTERM", stop);
process.once("message", async (request: DeployRequest) => {
  const answer = await deploy(request).catch((error: unknown): DeployAnswer => {
    // Into `deploy.log`, where whoever reads the message is sent for the rest.
    console.error(error);
    return { error: error instanceof Error ? error.message : String(error) };
  });
  process.send?.(answer, () => process.exit(0));
});

/**
 * What a seat may charge in an epoch unless a project says otherwise, in base units: 0.1 USD. An epoch of the devnet is
 * short, and four budgets are set aside: so 10 USD of credit are enough for three replicas.
 */
const DEFAULT_CAP = 100_000n;

async function deploy(request: DeployRequest): Promise<DeployAnswer> {
  const { rpcUrl, parametersFile, epochSeconds, declarationFile } = request;
  const connection = await hre.network.create({ network: "devnet", override: { url: rpcUrl } });
  const parameters = await readParameters(parametersFile);
  const times = { ...parameters.times, epochSeconds };
  const values = { ...parameters, times, defaultCap: DEFAULT_CAP };
  await writeFile(declarationFile, parametersToJson(values));
  return { network: await deployWorker3(connection, values, { rpcUrl, artifacts: committedArtifacts() }) };
}

/** Takes along what Ignition wrote down about a deployment that is cut off: nobody resumes it. */
function stop(): never {
  const journals = join(import.meta.dirname, "../../ignition/deployments");
  for (const name of existsSync(journals) ? readdirSync(journals) : []) {
    if (name.startsWith(`devnet-${process.pid}-`))
      rmSync(join(journals, name), { recursive: true, force: true });
  }
  return process.exit(1);
}
