import { createServer } from "node:net";
import { portHolder } from "./portHolder.ts";

const COMMAND_LENGTH = 120;

/** A sentence for each of the ports of 127.0.0.1 that cannot be listened on, with the process that holds it. */
export async function portProblems(ports: readonly number[]): Promise<string[]> {
  const problems = await Promise.all(ports.map(async (port) => problemOf(port, await tryListen(port))));
  return problems.filter((problem) => problem !== undefined);
}

function tryListen(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(undefined)));
  });
}

async function problemOf(
  port: number,
  error: NodeJS.ErrnoException | undefined,
): Promise<string | undefined> {
  if (error === undefined) return undefined;
  if (error.code !== "EADDRINUSE") return `port ${port} cannot be used: ${error.message}`;
  const holder = await portHolder(port);
  if (holder === undefined) return `port ${port} is in use by a process that cannot be seen from here`;
  const command = holder.command.join(" ").slice(0, COMMAND_LENGTH);
  return `port ${port} is in use by pid ${holder.pid} (${command})`;
}
