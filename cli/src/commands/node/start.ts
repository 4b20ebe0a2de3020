import { join } from "node:path";
import { defineCommand } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { NODE_FILE, readNodeFile } from "../../nodeState/nodeFile.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";

/** What this command needs of `@worker3/node-agent`. */
interface NodeAgent<config> {
  readAgentConfig(path: string, stateDirectory: string): Promise<config>;
  startAgent(config: config, options: { signal?: AbortSignal }): Promise<{ readonly done: Promise<void> }>;
}

/** `worker3 node start` */
export const start = defineCommand({
  name: "start",
  summary: "runs the node until it is told to stop",
  description: "Runs the agent of a folder in the foreground. SIGINT or SIGTERM stops it.",
  options: { state: stateOption },
  async run(context, { state: given }) {
    const state = stateDirectory(given);
    const { nodeId } = await readNodeFile(state);
    if (nodeId === undefined) {
      throw new CliError({
        code: "NODE_NOT_REGISTERED",
        message: "The node of this folder is not on chain yet.",
        value: state,
        next: "worker3 node register --region <region> --endpoint https://<host>",
      });
    }
    const { readAgentConfig, startAgent } = await loadAgent();
    const agent = await startAgent(await readAgentConfig(join(state, NODE_FILE), state), {
      signal: context.signal,
    });
    context.out({ event: "ready", nodeId, pid: process.pid, state }, `Node ${nodeId} runs.`);
    await agent.done;
  },
});

/** The agent loads native parts: only when it is to run. */
async function loadAgent(): Promise<NodeAgent<unknown>> {
  const agent: Partial<NodeAgent<unknown>> = await import("@worker3/node-agent");
  const { readAgentConfig, startAgent } = agent;
  if (readAgentConfig !== undefined && startAgent !== undefined) return { readAgentConfig, startAgent };
  throw new CliError({
    code: "AGENT_MISSING",
    message: "The agent that is installed here cannot be started by this command.",
    next: "install command and agent of one version",
  });
}
