import { join } from "node:path";
import { type Network, parseNetwork } from "@worker3/sdk";
import { startAnvil } from "@worker3/sdk/testing";
import hre from "hardhat";
import type { Artifacts } from "../../../ignition/artifacts.ts";
import { deployWorker3 } from "../../../ignition/deployWorker3.ts";
import { type Parameters, readParameters } from "../../../ignition/parameters.ts";
import { type Build, readBuild } from "../readBuild.ts";

export const ROOT = join(import.meta.dirname, "../../..");

/** What `npm run deploy -- --network devnet` leaves behind, on a chain of its own. */
export interface Deployment extends AsyncDisposable {
  readonly network: Network;
  readonly parameters: Parameters;
  readonly build: Build;
}

/**
 * Starts a chain and deploys on it as everywhere else: by Ignition, with the devnet's parameters.
 *
 * @param options.artifacts - The code that is deployed, instead of the build's.
 */
export async function startDeployment(options: { readonly artifacts?: Artifacts } = {}): Promise<Deployment> {
  const anvil = await startAnvil();
  try {
    const parameters = await readParameters(join(ROOT, "ignition/parameters/devnet.json"));
    const { rpcUrl } = anvil;
    const connection = await hre.network.create({ network: "devnet", override: { url: rpcUrl } });
    const network = parseNetwork(await deployWorker3(connection, parameters, { rpcUrl, ...options }));
    const build = await readBuild(ROOT);
    return { network, parameters, build, [Symbol.asyncDispose]: () => anvil.stop() };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
