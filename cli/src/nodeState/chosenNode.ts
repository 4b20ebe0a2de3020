import type { CommandContext } from "../context/CommandContext.ts";
import { CliError } from "../errors.ts";
import { findNodeFile } from "./nodeFile.ts";
import { stateDirectory } from "./stateOption.ts";

/**
 * The node that `--node` names, or that is set up in a folder; then its network is the context's default.
 *
 * @throws {CliError} `NODE_NOT_REGISTERED`: neither.
 */
export async function chosenNode(
  context: CommandContext,
  { node, state: given }: { readonly node: number | undefined; readonly state: string | undefined },
): Promise<number> {
  const state = stateDirectory(given);
  const file = node === undefined || given !== undefined ? await findNodeFile(state) : undefined;
  if (file !== undefined) context.defaultNetwork(file.network);
  const nodeId = node ?? file?.nodeId;
  if (nodeId !== undefined) return nodeId;
  throw new CliError({
    code: "NODE_NOT_REGISTERED",
    message: "Which node? None is named, and the folder has no registered one.",
    value: state,
    next: "name it with --node, or its folder with --state",
  });
}
