import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Input, option } from "../command.ts";

/** `--state DIR`: where everything of a node lies. */
export const stateOption: Input<string | undefined> = option(
  "--state <dir>",
  "the node's folder; default: ~/.worker3/node",
);

/** The folder that `--state` means, absolute. */
export function stateDirectory(given: string | undefined): string {
  return resolve(given ?? join(homedir(), ".worker3", "node"));
}
