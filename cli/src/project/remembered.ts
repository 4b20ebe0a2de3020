import { randomBytes } from "node:crypto";
import { lstat, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Network } from "@worker3/sdk";
import { z } from "zod";
import { isDeployment } from "../bundle/detectProject.ts";
import { readRegularFile } from "../bundle/readRegularFile.ts";
import { UsageError } from "../errors.ts";

/** Which folder is deployed, on which network and from which environment of its configuration. */
export interface RememberQuestion {
  readonly directory: string;
  readonly environment: string | undefined;
  readonly network: Pick<Network, "chainId" | "contracts">;
}

/** Where a folder was deployed the first time. */
export interface Remembered {
  readonly domain: string;
  readonly projectId: string;
  /** Whether `index.html` answers every address without a file: without it the same folder would be another site. */
  readonly spa?: boolean | undefined;
}

/** Beside the project, and so never published. Nothing in it is secret: it may be committed. */
const FILE = join(".worker3", "project.json");
/** What says that a folder is a project, and not only what one was built into. */
const MARKS = ["package.json", "wrangler.json", "wrangler.jsonc", "wrangler.toml"];

const entrySchema = z.object({
  chainId: z.int(),
  projectRegistry: z.string(),
  /** From the folder of the file, with `/`. */
  directory: z.string(),
  environment: z.string().nullable(),
  domain: z.string().regex(/^[^\s\p{C}]{1,253}$/u, "is no domain"),
  projectId: z.string().regex(/^\d{1,20}$/),
  spa: z.boolean().optional(),
});
const fileSchema = z.object({ projects: z.array(entrySchema).max(1_000) });

type Entry = z.infer<typeof entrySchema>;

/** What is remembered of a folder. */
export interface Memory {
  /** The file, whether it is there or not. */
  readonly path: string;
  readonly found: Remembered | undefined;
  /**
   * Keeps where the folder was deployed; what is remembered of other folders, networks and environments stays. Writes nowhere
   * else: no link that came with a project is followed.
   *
   * @throws {UsageError} `REMEMBERED_UNREADABLE`, `REMEMBERED_UNWRITABLE`.
   */
  remember(remembered: Remembered): Promise<void>;
}

/**
 * Reads what is remembered of a folder: beside its project's `package.json` or configuration, that of the nearest folder above it,
 * or in the folder itself where there is none; of a deployment folder beside it.
 *
 * @throws {UsageError} `REMEMBERED_UNREADABLE`.
 */
export async function readMemory(question: RememberQuestion): Promise<Memory> {
  const { path, directory, environment } = await placeOf(question);
  const { chainId, contracts } = question.network;
  const key = { chainId, projectRegistry: contracts.projectRegistry, directory, environment };
  const isThis = (entry: Entry): boolean =>
    isOf(entry, question.network) && entry.directory === directory && entry.environment === environment;
  return {
    path,
    found: (await readEntries(path)).find(isThis),
    async remember({ domain, projectId, spa }) {
      const others = (await readEntries(path)).filter((entry) => !isThis(entry));
      const entry: Entry = { ...key, domain, projectId, ...(spa === true ? { spa } : {}) };
      const text = JSON.stringify({ projects: [...others, entry] }, null, 2);
      const folder = dirname(path);
      await mkdir(folder, { recursive: true });
      if (!(await lstat(folder)).isDirectory()) throw unwritable(folder);
      // Whole or not at all, also where two commands write. `wx` opens nothing that is there, and so no link.
      const part = `${path}.${randomBytes(4).toString("hex")}.part`;
      await writeFile(part, `${text}\n`, { flag: "wx" });
      try {
        await rename(part, path);
      } catch (cause) {
        await rm(part, { force: true });
        throw cause;
      }
    },
  };
}

/**
 * What is remembered of a folder, also of several networks where none is named.
 *
 * @throws {UsageError} `REMEMBERED_UNREADABLE`.
 */
export async function readRemembered(
  question: Omit<RememberQuestion, "network"> & Partial<Pick<RememberQuestion, "network">>,
): Promise<{ readonly path: string; readonly all: readonly Remembered[] }> {
  const { network } = question;
  const { path, directory, environment } = await placeOf(question);
  const all = (await readEntries(path)).filter(
    (entry) =>
      entry.directory === directory &&
      entry.environment === environment &&
      (network === undefined || isOf(entry, network)),
  );
  return { path, all };
}

function isOf(entry: Entry, { chainId, contracts }: RememberQuestion["network"]): boolean {
  return (
    entry.chainId === chainId &&
    entry.projectRegistry.toLowerCase() === contracts.projectRegistry.toLowerCase()
  );
}

/** The file, and how it names the folder and the environment. */
async function placeOf(
  question: Omit<RememberQuestion, "network">,
): Promise<{ readonly path: string; readonly directory: string; readonly environment: string | null }> {
  const folder = resolve(question.directory);
  const home = await projectHome(folder);
  return {
    path: join(home, FILE),
    directory: relative(home, folder).split(sep).join("/") || ".",
    environment: question.environment ?? null,
  };
}

async function projectHome(directory: string): Promise<string> {
  // A deployment folder is content to the last file: nothing else may lie there.
  const nearest = (await isDeployment(directory)) ? dirname(directory) : directory;
  for (let folder = nearest; ; folder = dirname(folder)) {
    const marked = await Promise.all(MARKS.map((name) => isFile(join(folder, name))));
    if (marked.includes(true)) return folder;
    if (dirname(folder) === folder) return nearest;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function readEntries(path: string): Promise<Entry[]> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw unreadable(path, message, cause);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).projects;
  } catch (cause) {
    throw unreadable(path, cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause), cause);
  }
}

function unwritable(folder: string): UsageError {
  return new UsageError({
    code: "REMEMBERED_UNWRITABLE",
    message: `${folder} is a link, and what it leads to is left alone.`,
    value: folder,
    next: "put a folder in its place, or name the domain with --domain each time",
  });
}

function unreadable(path: string, reason: string, cause: unknown): UsageError {
  return new UsageError({
    code: "REMEMBERED_UNREADABLE",
    message: `What is remembered of the project cannot be read: ${reason}`,
    value: path,
    next: "mend or delete the file, then name the domain with --domain",
    cause,
  });
}
