import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";

export interface OpenCompiledOptions {
  readonly directory: string;
  /** Which workerd made them: another one may read them differently. */
  readonly workerd: string;
  /** What all of them may take on the disk; the least recently used go. */
  readonly maxBytes?: number;
  readonly compile: (folder: string, text: string) => Promise<Uint8Array>;
  readonly logger: Pick<Logger, "warn">;
}

/** A version's configuration, by what it is of: the content names the modules, the text everything else. */
export interface Compilation {
  readonly cid: string;
  readonly folder: string;
  readonly text: string;
}

/** Compiled configurations on the disk: compiling takes as long as a start from text. */
export interface Compiled {
  /** Undefined where it was not made yet. */
  find(of: Compilation): Promise<Uint8Array | undefined>;
  /** Makes it unless it is there or being made. Never rejects. */
  make(of: Compilation): Promise<void>;
  /** Resolves when none is being made. */
  idle(): Promise<void>;
}

const MAX_BYTES = 256 * 1024 * 1024;
/** Larger ones are not worth their room: such a worker takes its time to start anyway. */
const MAX_SHARE = 16;

const KEY = /^[0-9a-f]{64}$/;

/** Opens the store in a directory of its own, which is made if it is missing. */
export async function openCompiled(options: OpenCompiledOptions): Promise<Compiled> {
  const { directory, workerd, maxBytes = MAX_BYTES, compile, logger } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // What a former agent was at when it ended.
  for (const name of await readdir(directory)) {
    if (!KEY.test(name)) await rm(join(directory, name), { recursive: true });
  }
  const making = new Map<string, Promise<void>>();
  const keyOf = ({ cid, text }: Compilation) =>
    createHash("sha256")
      .update(JSON.stringify([workerd, cid, text]))
      .digest("hex");

  async function make(key: string, { folder, text }: Compilation): Promise<void> {
    const path = join(directory, key);
    if ((await stat(path).catch(() => undefined)) !== undefined) return;
    const bytes = await compile(folder, text);
    if (bytes.length > maxBytes / MAX_SHARE) return;
    const temporary = join(directory, `${randomUUID()}.tmp`);
    await writeFile(temporary, bytes, { mode: 0o600 });
    await rename(temporary, path);
    await prune();
  }

  async function prune(): Promise<void> {
    const names = (await readdir(directory)).filter((name) => KEY.test(name));
    const files = await Promise.all(
      names.map(async (name) => ({ path: join(directory, name), ...(await stat(join(directory, name))) })),
    );
    let excess = files.reduce((sum, { size }) => sum + size, 0) - maxBytes;
    for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (excess <= 0) return;
      await rm(path, { force: true });
      excess -= size;
    }
  }

  return {
    async find(of) {
      const path = join(directory, keyOf(of));
      try {
        // Synchronous, as a visitor waits, who does not for the time of use.
        const bytes = readFileSync(path);
        utimes(path, new Date(), new Date()).catch(() => undefined);
        return bytes;
      } catch {
        return undefined;
      }
    },
    make(of) {
      const key = keyOf(of);
      const made =
        making.get(key) ??
        make(key, of)
          .catch((error: unknown) =>
            logger.warn({ err: error, cid: of.cid }, "a configuration was not compiled"),
          )
          .finally(() => making.delete(key));
      making.set(key, made);
      return made;
    },
    async idle() {
      await Promise.all(making.values());
    },
  };
}
