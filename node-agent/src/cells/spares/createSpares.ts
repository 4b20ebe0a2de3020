import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { inBackground } from "../../background/inBackground.ts";
import { EXTRACTED } from "../../extractedFolder.ts";
import type { CellSpec } from "../Cell.ts";
import type { CellInMaking } from "../RunningCell.ts";
import { compileConfig } from "./compileConfig.ts";
import { fewFiles, linkAssets } from "./linkAssets.ts";
import { type Compilation, openCompiled } from "./openCompiled.ts";
import { type Spare, type StartSpareOptions, startSpare } from "./startSpare.ts";

export interface SparesOptions extends StartSpareOptions {
  /** How many wait. */
  readonly count: number;
  /** The program's path. */
  readonly workerd: string;
  readonly logger: Logger;
}

/** Processes started ahead, which a cell takes over for its whole life. */
export interface Spares {
  /**
   * Gives the configuration of a cell to a process that waits. Undefined where none does, the configuration is not
   * compiled yet (which begins then), or the assets are too many: then the cell starts from nothing.
   */
  take(cell: {
    readonly spec: CellSpec;
    /** Its configuration; in a sandbox that has spares the same for each of its cells. */
    readonly text: string;
  }): Promise<CellInMaking | undefined>;
  /** Compiles a configuration unless that was done. Never rejects. */
  compile(of: Compilation): Promise<void>;
  /** How many wait now. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** The next one starts when the one that was taken had its time on the processor. */
const REFILL_MS = 200;
const FAILED_MS = 10_000;
/** A configuration is compiled when the cell that lacked it has started. */
const COMPILE_MS = 500;

/** Starts the spares; resolves when the store of compiled configurations is open. */
export async function createSpares(options: SparesOptions): Promise<Spares> {
  const { count, directory, sandbox, workerd, logger } = options;
  const closing = new AbortController();
  const waiting: Spare[] = [];
  let filling: Promise<void> | undefined;
  let refill: NodeJS.Timeout | undefined;

  const compiled = await openCompiled({
    directory: join(directory, "compiled"),
    workerd,
    logger,
    compile: (folder, text) =>
      compileConfig({
        sandbox,
        directory: join(directory, "compiled"),
        folder,
        text,
        signal: closing.signal,
      }),
  });

  function fillSoon(ms: number): void {
    if (refill !== undefined || closing.signal.aborted) return;
    refill = setTimeout(() => {
      refill = undefined;
      filling = fill().finally(() => {
        filling = undefined;
      });
    }, ms);
    refill.unref();
  }

  async function fill(): Promise<void> {
    try {
      while (waiting.length < count && !closing.signal.aborted) await add();
    } catch (error) {
      logger.warn({ err: error }, "a spare process did not start");
      fillSoon(FAILED_MS);
    }
  }

  async function add(): Promise<void> {
    const spare = await startSpare(options);
    waiting.push(spare);
    // One that ends while it waits is nobody's.
    inBackground({ logger, failed: "what a spare process left could not be removed" }, async () => {
      await spare.process.exit;
      const place = waiting.indexOf(spare);
      if (place < 0) return;
      waiting.splice(place, 1);
      fillSoon(FAILED_MS);
      await remove(spare);
    });
    if (closing.signal.aborted) await end(spare);
  }

  function compileSoon(compilation: Compilation): void {
    const timer = setTimeout(() => compiled.make(compilation), COMPILE_MS);
    closing.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  async function end(spare: Spare): Promise<void> {
    await spare.process.kill();
    await remove(spare);
  }

  async function remove({ paths, group }: Spare): Promise<void> {
    await Promise.all([rm(paths.home, { recursive: true, force: true }), group.remove()]);
  }

  fillSoon(0);
  return {
    async take({ spec, text }) {
      const { cid, folder } = spec;
      const compilation = { cid, folder, text };
      const assets = join(folder, EXTRACTED.files);
      const hasAssets = spec.manifest.assets !== undefined;
      const [configuration, files] = await Promise.all([
        compiled.find(compilation),
        hasAssets ? fewFiles(assets) : [],
      ]);
      if (configuration === undefined) {
        compileSoon(compilation);
        return undefined;
      }
      const spare = files === undefined ? undefined : waiting.shift();
      if (spare === undefined || files === undefined) return undefined;
      fillSoon(REFILL_MS);
      try {
        if (hasAssets) await linkAssets(assets, join(spare.files.folder, EXTRACTED.files), files);
      } catch (error) {
        logger.warn({ err: error, cid }, "assets cannot be linked for a spare process");
        await end(spare);
        return undefined;
      }
      spare.process.feed(configuration);
      return spare;
    },
    compile: compiled.make,
    get waiting() {
      return waiting.length;
    },
    async close() {
      closing.abort(new Error("the node is stopping"));
      clearTimeout(refill);
      await filling;
      await compiled.idle();
      await Promise.all(waiting.splice(0).map(end));
    },
  };
}
