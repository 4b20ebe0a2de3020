import { chown } from "node:fs/promises";
import type { Sandbox } from "./Sandbox.ts";

/** Makes files belong to whom a sandbox's process runs as; where that is the agent's own user they do. */
export async function giveToUser({ user }: Pick<Sandbox, "user">, paths: readonly string[]): Promise<void> {
  if (user === undefined) return;
  await Promise.all(paths.map((path) => chown(path, user.uid, user.gid)));
}
