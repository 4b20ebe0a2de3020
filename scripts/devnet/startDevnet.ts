import { join } from "node:path";
import { buildContracts } from "./buildContracts.ts";
import type { Processes } from "./createProcesses.ts";
import type { Progress } from "./createProgress.ts";
import type { DevnetOptions } from "./parseOptions.ts";
import type { ReadyDocument } from "./readyDocument.ts";
import { requireFree } from "./requireFree.ts";
import type { Command } from "./startAgent.ts";
import { startDeployer } from "./startDeployer.ts";
import { claimState } from "./stateFolder.ts";

/** What a devnet is made of besides its own scripts. */
export interface DevnetParts {
  /** The project's root. */
  readonly root: string;
  /** The agent of a node. */
  readonly agent: Command;
  /** The `worker3` command. */
  readonly worker3: Command;
}

export interface StartDevnetParameters {
  readonly options: DevnetOptions;
  readonly parts: DevnetParts;
  readonly processes: Processes;
  readonly progress: Progress;
  /** Aborted when all of it is to stop. */
  readonly signal: AbortSignal;
  /** Called if the chain ends, without which nothing goes on. */
  readonly onChainEnd: (how: string) => void;
}

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
