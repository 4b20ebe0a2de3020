import { join } from "node:path";
import { buildContracts } from "./buildContracts.ts";
import type { ReadyDocument } from "./readyDocument.ts";
import { requireFree } from "./requireFree.ts";
import { startDeployer } from "./startDeployer.ts";
import type { StartNetworkParameters } from "./startNetwork.ts";
import { claimState } from "./stateFolder.ts";

/** What is given to start a devnet. */
export type StartDevnetParameters = Omit<StartNetworkParameters, "deploy">;

/** Starts all of it, in order, and writes `devnet.json`. */
export async function startDevnet(parameters: StartDevnetParameters): Promise<ReadyDocument> {
  const { options, parts, processes, progress, signal } = parameters;
  const { stateDirectory } = options;
  const { root } = parts;
  await requireFree(options);
  await claimState(stateDirectory);
  await progress.step("build", "the code of the contracts is current", () =>
    buildContracts({
      processes,
      root,
      stateDirectory,
      onBuild: () =>
        progress.say(
          "contracts/ is not what sdk/src/abi was made of: building ABIs and bytecode, which takes a minute ...",
        ),
    }),
  );
  signal.throwIfAborted();
  // The process that deploys loads for two seconds. Meanwhile, on the other core, the rest is loaded and the chain starts.
  const deploy = startDeployer({ processes, root, stateDirectory, signal });
  const { startNetwork } = await import("./startNetwork.ts");
  return startNetwork({
    ...parameters,
    deploy: (rpcUrl) =>
      deploy({
        rpcUrl,
        parametersFile: join(root, "ignition/parameters/devnet.json"),
        epochSeconds: options.epochSeconds,
        declarationFile: join(stateDirectory, "parameters.json"),
      }),
  });
}
