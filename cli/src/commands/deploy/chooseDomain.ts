import { relative } from "node:path";
import { detectProject } from "../../bundle/detectProject.ts";
import type { CommandContext } from "../../context/CommandContext.ts";
import { CliError, UsageError } from "../../errors.ts";
import { type Memory, type Remembered, readMemory } from "../../project/remembered.ts";
import { shellWord } from "../../text/shellWord.ts";

/** Where a deployment goes, and how that is kept for the next one. */
export interface ChosenDomain {
  readonly domain: string;
  /** As it was said now; else as it was the last time, for a folder of files. */
  readonly spa: boolean;
  /** What is remembered of that domain; undefined where nothing is. */
  readonly remembered: { readonly path: string; readonly projectId: string } | undefined;
  /** Called as soon as the project is on chain; says so in a line where it is kept. A folder that cannot be written is none of its troubles. */
  remember(projectId: bigint): Promise<void>;
}

/**
 * The domain that was named; else the one where this folder was deployed the first time. Naming another one later does not change what
 * is remembered: a trial elsewhere is no move.
 *
 * @throws {UsageError} `USAGE`: none was named, and none is remembered.
 */
export async function chooseDomain(
  context: CommandContext,
  parameters: {
    readonly named: string | undefined;
    readonly directory: string;
    readonly environment: string | undefined;
    /** Undefined: not said. */
    readonly spa: boolean | undefined;
  },
): Promise<ChosenDomain> {
  const { named, directory, environment } = parameters;
  const network = await context.network();
  const memory = await memoryOf(context, { directory, environment, network }, named);
  const domain = named ?? memory?.found?.domain;
  if (domain === undefined) {
    throw new UsageError({
      message:
        "It is not said where to deploy to: no --domain is given, and none is remembered for this folder.",
      value: directory,
      next: `worker3 deploy ${shellWord(directory)} --domain <name>.${network.zone}`,
    });
  }
  if (named === undefined && memory !== undefined) {
    context.note(`Deploying to ${domain}, as ${shown(memory.path)} remembers; --domain names another.`);
  }
  const spa = parameters.spa ?? (memory?.found?.spa === true && (await isPlain(directory)));
  if (spa && parameters.spa === undefined && memory !== undefined)
    context.note(`By --spa, as ${shown(memory.path)} remembers; --no-spa takes it back.`);
  return {
    domain,
    spa,
    remembered:
      memory?.found?.domain === domain
        ? { path: shown(memory.path), projectId: memory.found.projectId }
        : undefined,
    async remember(projectId) {
      if (memory === undefined || (memory.found !== undefined && memory.found.domain !== domain)) return;
      const next: Remembered = { domain, projectId: String(projectId), spa };
      const { found } = memory;
      if (found?.projectId === next.projectId && (found.spa ?? false) === spa) return;
      try {
        await memory.remember(next);
      } catch (error) {
        context.note(
          `The domain is not remembered: ${error instanceof Error ? error.message : String(error)}`,
        );
        return;
      }
      const told =
        found?.projectId === next.projectId
          ? spa
            ? "remembers --spa: the next deploy of this folder needs it no more."
            : "does not remember --spa any more."
          : `remembers ${domain}${spa ? " and --spa" : ""}: the next deploy of this folder needs no --domain.`;
      context.note(`${shown(memory.path)} ${told}`);
    },
  };
}

/** Whether `--spa` is for it: other projects say themselves what answers an address without a file. */
async function isPlain(directory: string): Promise<boolean> {
  return (await detectProject(directory)).kind === "static";
}

/** A file that cannot be read is only in the way of who needs it. */
async function memoryOf(
  context: CommandContext,
  question: Parameters<typeof readMemory>[0],
  named: string | undefined,
): Promise<Memory | undefined> {
  try {
    return await readMemory(question);
  } catch (error) {
    if (named === undefined || !(error instanceof CliError)) throw error;
    context.note(`${error.message} (${error.value})`);
    return undefined;
  }
}

function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here.startsWith("..") ? path : here;
}
