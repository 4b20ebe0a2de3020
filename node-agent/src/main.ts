/** The agent as a process: `main.ts --state DIR`. Tells a parent over IPC how its start went, and ends with it. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Worker3Error } from "@worker3/sdk";
import { type RunningAgent, startAgent } from "./agent.ts";
import { surviveRejections } from "./background/surviveRejections.ts";
import { readAgentConfig } from "./config.ts";
import { createLogger } from "./logging/createLogger.ts";

const logger = createLogger({ level: process.env.WORKER3_LOG_LEVEL });

async function main(): Promise<void> {
  surviveRejections(logger);
  const { values } = parseArgs({ options: { state: { type: "string" } } });
  if (values.state === undefined) {
    console.error("usage: main.ts --state DIR   (DIR holds node.json)");
    process.exitCode = 2;
    return;
  }
  const stateDirectory = resolve(values.state);
  let agent: RunningAgent | undefined;
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    void agent?.stop();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  process.on("disconnect", stop);
  try {
    const config = await readAgentConfig(join(stateDirectory, "node.json"), stateDirectory);
    agent = await startAgent(config, { logger });
    logger.info({ nodeId: agent.nodeId, url: agent.url }, "the node serves");
    process.send?.({ event: "ready", nodeId: agent.nodeId, port: agent.port, pid: process.pid });
    if (isStopping) void agent.stop();
    await agent.done;
  } catch (error) {
    const document =
      error instanceof Worker3Error
        ? error.toJSON()
        : { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
    logger.fatal({ err: error }, "the node cannot start");
    process.send?.({ event: "failed", error: document });
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}

await main();
// Connections that libraries keep for later would keep the process.
process.exit();
