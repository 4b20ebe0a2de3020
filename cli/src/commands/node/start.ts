import { join } from "node:path";
import { defineCommand, flag } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { registerLine } from "../../nodeState/nodeEndpoint.ts";
import { NODE_FILE, readNodeFile } from "../../nodeState/nodeFile.ts";
import { nodeOnChain, retirementText } from "../../nodeState/onChain.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";

/** `worker3 node start` */
export const start = defineCommand({
  name: "start",
  summary: "runs the node until it is told to stop",
  description:
    "Runs the agent of a folder in the foreground; its log goes to stderr (WORKER3_LOG_LEVEL). SIGINT or SIGTERM stops it. It does not serve strangers' code without a sandbox and a network of the cells' own, which `worker3 node doctor` helps with, unless told to.",
  options: {
    state: stateOption,
    allowHostNetwork: flag("--allow-host-network", "serve although cells share this machine's network"),
    allowUnsandboxed: flag("--allow-unsandboxed", "serve although cells are in no sandbox"),
  },
  async run(context, { state: given, allowHostNetwork, allowUnsandboxed }) {
    const state = stateDirectory(given);
    const file = await readNodeFile(state);
    const { nodeId } = file;
    if (nodeId === undefined) {
      throw new CliError({
        code: "NODE_NOT_REGISTERED",
        message: "The node of this folder is not on chain yet.",
        value: state,
        next: registerLine(file),
      });
    }
    // The agent loads native parts: only when it is to run.
    const { createLogger, readAgentConfig, startAgent, surviveRejections } = await import(
      "@worker3/node-agent"
    );
    const logger = createLogger({ level: process.env.WORKER3_LOG_LEVEL });
    surviveRejections(logger);
    const config = await readAgentConfig(join(state, NODE_FILE), state);
    const cells = {
      ...config.cells,
      allowHostNetwork: config.cells.allowHostNetwork || allowHostNetwork,
      allowUnsandboxed: config.cells.allowUnsandboxed || allowUnsandboxed,
    };
    context.defaultNetwork(file.network);
    const asked = nodeOnChain(context.client(), nodeId);
    const agent = await startAgent({ ...config, cells }, { logger });
    const stop = (): void => void agent.stop();
    context.signal.addEventListener("abort", stop, { once: true });
    if (context.signal.aborted) stop();
    const { url } = agent;
    const known = await asked;
    const { endpoint = null, retiredFrom = null } = known?.node ?? {};
    const retirement = known && retirementText(known, file.network.times);
    context.out(
      { event: "ready", nodeId, url, endpoint, retiredFrom, pid: process.pid, state },
      [
        `Node ${nodeId} serves at ${url}.${endpoint === null ? "" : ` Its endpoint is ${endpoint}.`}`,
        ...(retirement === undefined ? [] : [retirement]),
      ].join("\n"),
    );
    await agent.done;
  },
});
