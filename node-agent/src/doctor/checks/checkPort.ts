import { createServer } from "node:net";
import { findPortHolder } from "../../process/findPortHolder.ts";
import { type Check, check } from "../Check.ts";

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Whether the node could listen where it is to, by doing it. */
export async function checkPort({ host, port }: Listen): Promise<Check> {
  const where = `${host}:${port}`;
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  if (problem === undefined) return check("port", true, `${where} is free`);
  if (problem.code === "EADDRINUSE") {
    const holder = await findPortHolder(port);
    const detail = `${where} is in use${holder === undefined ? "" : ` by process ${holder}`}`;
    return check("port", false, detail, {
      fix: "fine if that is this node; else choose another in node.json",
    });
  }
  const fix =
    problem.code === "EACCES"
      ? `sysctl -w net.ipv4.ip_unprivileged_port_start=${port}, or a proxy of your own`
      : "correct listen in node.json";
  return check("port", false, `${where}: ${problem.message}`, { fix });
}
