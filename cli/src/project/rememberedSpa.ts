import { relative } from "node:path";
import { detectProject } from "../bundle/detectProject.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import { CliError } from "../errors.ts";
import { type RememberQuestion, readRemembered } from "./remembered.ts";

/**
 * Whether a folder is one of a single page: as was said, else as the folder remembers of its deployment. Without it the
 * same folder would be another site, with another CID. What is remembered counts for a folder of files alone: other
 * projects say themselves what answers an address without a file.
 *
 * @param said - undefined: nothing.
 * @param question - without a network: the folder's deployments have to agree.
 */
export async function rememberedSpa(
  context: Pick<CommandContext, "note">,
  said: boolean | undefined,
  question: Omit<RememberQuestion, "network"> & Partial<Pick<RememberQuestion, "network">>,
): Promise<boolean> {
  if (said !== undefined) return said;
  try {
    const { path, all } = await readRemembered(question);
    if (all.length === 0 || !all.every(({ spa }) => spa === true)) return false;
    if ((await detectProject(question.directory)).kind !== "static") return false;
    context.note(`By --spa, as ${shown(path)} remembers; --no-spa does without.`);
    return true;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    context.note(`${error.message} (${error.value})`);
    return false;
  }
}

/** A path as it is read most easily: from this folder, where it is below. */
function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here.startsWith("..") ? path : here;
}
