import { once } from "node:events";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTail } from "../logs/readTail.ts";
import { giveToUser } from "../sandbox/giveToUser.ts";
import { type CellFiles, FILTER_FD, type Sandbox } from "../sandbox/Sandbox.ts";
import { spawnCommand } from "../sandbox/spawnCommand.ts";

const TIMEOUT_MS = 20_000;

export interface CompileConfigOptions {
  readonly sandbox: Sandbox;
  /** Where it may write for the time being. */
  readonly directory: string;
  /** The deployment folder, whose modules are embedded. */
  readonly folder: string;
  /** The configuration as text; paths are those inside of the sandbox. */
  readonly text: string;
  readonly signal: AbortSignal;
}

/**
 * A configuration as `workerd serve --binary` reads it, with its modules. Compiled in the sandbox: modules are a
 * stranger's.
 *
 * @throws {Error} It cannot be compiled; or the signal's reason.
 */
export async function compileConfig(options: CompileConfigOptions): Promise<Buffer> {
  const { sandbox, folder, text, signal } = options;
  const home = await mkdtemp(join(options.directory, "compile-"));
  try {
    const files: CellFiles = { folder, config: join(home, "cell.capnp"), sockets: home };
    await writeFile(files.config, text);
    const inside = sandbox.inside(files);
    const command = sandbox.command(["compile", "--config-only", "-I", inside.folder, inside.config], files);
    await giveToUser(sandbox, [home, files.config]);
    const output = await open(join(home, "compiled"), "w");
    const errors = await open(join(home, "errors"), "w");
    try {
      // The pid that the sandbox reports is of no interest: the process ends by itself, or with the one that is killed.
      const stdio = Array.from({ length: FILTER_FD + 1 }, (_, fd) => {
        if (fd === 1) return output.fd;
        if (fd === FILTER_FD && command.filter !== undefined) return "pipe";
        return fd === 0 ? "ignore" : errors.fd;
      });
      const abort = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      abort.throwIfAborted();
      const { child, kill } = spawnCommand(command, stdio);
      abort.addEventListener("abort", kill, { once: true });
      const [code, by] = await once(child, "exit").finally(() => abort.removeEventListener("abort", kill));
      abort.throwIfAborted();
      if (code !== 0) {
        throw new Error(
          `workerd compile ended with ${by ?? code}: ${await readTail(join(home, "errors"), 1_024)}`,
        );
      }
    } finally {
      await output.close();
      await errors.close();
    }
    return await readFile(join(home, "compiled"));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
