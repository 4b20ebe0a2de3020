import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Found } from "../runProjects.ts";
import type { PublicProject } from "./PublicProject.ts";

/** Where the checkout of a repository is expected: `DIR/owner+name`. */
function checkoutName({ repository }: Pick<PublicProject, "repository">): string {
  return repository.replace("/", "+");
}

/** Looks for a project among checkouts: at its commit, unchanged, installed and built. */
export async function findCheckout(project: PublicProject, checkouts: string): Promise<Found<PublicProject>> {
  const { commit, folder, ready = [] } = project;
  const checkout = join(checkouts, checkoutName(project));
  const missing = (why: string) => ({ project, missing: why });
  if (!existsSync(join(checkout, ".git"))) return missing(`there is no checkout ${checkout}`);
  const head = await git(checkout, "rev-parse", "HEAD");
  if (head !== commit) return missing(`the checkout ${checkout} is at ${head}, not at ${commit}`);
  const changed = await git(checkout, "status", "--porcelain", "--untracked-files=no", "--", folder);
  if (changed !== "") return missing(`the checkout ${checkout} was changed: ${changed}`);
  const directory = join(checkout, folder);
  const absent = ready.filter((path) => !existsSync(join(directory, path)));
  if (absent.length > 0)
    return missing(`${directory} is not installed and built: there is no ${absent.join(", ")}`);
  return { project, directory };
}

/** What git prints; or, where it fails, why: that is no commit then, and a change. */
async function git(checkout: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", checkout, ...args], { timeout: 30_000 });
    return stdout.trim();
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}
