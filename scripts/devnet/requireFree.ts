import { DevnetError } from "./DevnetError.ts";
import type { DevnetOptions } from "./parseOptions.ts";
import { portProblems } from "./portProblems.ts";
import { stateHolder } from "./stateFolder.ts";

/**
 * Makes sure that nobody uses what a devnet is about to use, before it touches anything.
 *
 * @throws {DevnetError} `DEVNET_RUNS`, `PORT_IN_USE`, with the pids; `STATE_NOT_OURS` and its like.
 */
export async function requireFree(options: DevnetOptions): Promise<void> {
  const { stateDirectory, nodes } = options;
  const holder = await stateHolder(stateDirectory, nodes);
  const problems = await portProblems(portsOf(options));
  if (holder !== undefined) {
    throw new DevnetError({
      code: "DEVNET_RUNS",
      message: [`a devnet with pid ${holder} runs on this state folder`, ...problems].join("\n"),
      value: stateDirectory,
      next: `stop it (kill ${holder}), or use others: --state DIR --port-base N --rpc-port N`,
    });
  }
  if (problems.length > 0) {
    throw new DevnetError({
      code: "PORT_IN_USE",
      message: problems.join("\n"),
      value: portsOf(options).join(", "),
      next: "end that process, or use other ports: --port-base N --rpc-port N",
    });
  }
}

/** The chain's port, and those of the nodes. */
export function portsOf({ rpcPort, portBase, nodes }: DevnetOptions): number[] {
  return [rpcPort, ...Array.from({ length: nodes }, (_, i) => portBase + i + 1)];
}
