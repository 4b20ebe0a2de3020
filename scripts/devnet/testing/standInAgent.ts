/**
 * A stand-in for the agent of a node, until that one is there: it takes the same arguments and files, says the same over
 * IPC, answers over HTTP with its number, and ends for the same reasons. With STAND_IN_FAILS=2, that of node 2 cannot start;
 * with STAND_IN_HANGS=2, it does not end.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readAgentConfig } from "../../../node-agent/src/config.ts";

const { state = "" } = parseArgs({ options: { state: { type: "string" } } }).values;
const config = await readAgentConfig(join(state, "node.json"), state);
const { nodeId } = config;
const key = (await readFile(join(state, config.operatorKeyFile), "utf8")).trim();
if (!/^0x[0-9a-f]{64}$/.test(key)) throw new Error("that is no key");

const hangs = process.env.STAND_IN_HANGS === String(nodeId);
const stop = (): void => {
  if (!hangs) process.exit(0);
};
process.on("disconnect", stop);
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

if (process.env.STAND_IN_FAILS === String(nodeId)) {
  const error = { code: "NO_LUCK", message: "it was told to fail", value: state, next: "do not tell it" };
  process.send?.({ event: "failed", error }, () => process.exit(1));
} else {
  const server = createServer((_, response) => response.end(`node ${nodeId}`));
  server.listen(config.listen, () => {
    console.log(`node ${nodeId} serves`);
    process.send?.({ event: "ready", nodeId, port: config.listen.port, pid: process.pid });
  });
}
