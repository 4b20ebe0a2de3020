import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXTRACTED } from "../../extractedFolder.ts";
import { workerdBinary } from "../workerdBinary.ts";

/** `workerd serve wrangler.json` of an extracted deployment folder: what a cell's answers are compared with. */
export interface Reference {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts the reference.
 *
 * @param home - a directory of its own, next to the folder.
 * @param config - what `wrangler.json` says besides paths.
 */
export async function startReference(home: string, folder: string, config: object): Promise<Reference> {
  await mkdir(home, { recursive: true });
  await symlink(join(folder, EXTRACTED.files), join(home, "assets"));
  await symlink(join(folder, EXTRACTED.worker), join(home, "worker"));
  const base = { name: "reference", compatibility_date: "2026-11-01", no_bundle: true };
  await writeFile(join(home, "wrangler.json"), JSON.stringify({ ...base, ...config }));
  const args = ["serve", "--experimental", "--control-fd=3", "wrangler.json", "-s", "http=127.0.0.1:0"];
  const child = spawn(workerdBinary().path, args, {
    cwd: home,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = once(child, "exit");
  const port = await Promise.race([
    portOf(child.stdio[3]),
    ended.then(() => Promise.reject(new Error("the reference does not start"))),
  ]);
  return {
    port,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function portOf(control: unknown): Promise<number> {
  let said = "";
  for await (const chunk of control as AsyncIterable<Buffer>) {
    said += chunk;
    const [, port] = /"port":(\d+)/.exec(said) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error("the reference names no port");
}
