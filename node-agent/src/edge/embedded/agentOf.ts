import { readFile } from "node:fs/promises";

/** The agent that an edge process belongs to: ending that process alone would only make it start another. */
export async function agentOf(pid: number): Promise<number | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const [commandLine, status] = await Promise.all([read("cmdline"), read("status")]);
  if (!/\/edge\/embedded\/process\/main\.[jt]s\0/.test(commandLine)) return undefined;
  const parent = Number(/^PPid:\t(\d+)$/m.exec(status)?.[1]);
  return parent > 1 ? parent : undefined;
}
