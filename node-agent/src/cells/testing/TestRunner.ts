import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest } from "@worker3/sdk";
import { cellBindings } from "../../bindings/index.ts";
import { EXTRACTED } from "../../extractedFolder.ts";
import { createLogger } from "../../logging/createLogger.ts";
import type { Cell, CellSpec } from "../Cell.ts";
import type { CellRunner } from "../CellRunner.ts";
import { type CellRunnerOptions, createCellRunner } from "../createCellRunner.ts";
import { makeFolder, makeTemporary } from "./makeFolder.ts";
import { SLOWNESS } from "./slowness.ts";

export const TEST_LIMITS = {
  cpuMs: 50,
  maxCpuMs: 30_000,
  cpuCores: 1,
  memoryMiB: 128,
  maxMemoryMiB: 512,
  bodyMiB: 100,
  maxBodyMiB: 512,
};

/** A runner in a directory of its own, and the deployment folders that a test writes for it. */
export class TestRunner {
  readonly home: string;
  readonly runner: CellRunner;
  #folders = 0;

  private constructor(home: string, runner: CellRunner) {
    this.home = home;
    this.runner = runner;
  }

  static async create(options: Partial<CellRunnerOptions> = {}): Promise<TestRunner> {
    const home = await makeTemporary();
    try {
      const runner = await createCellRunner({
        directory: join(home, "cells"),
        startTimeoutMs: 10_000 * SLOWNESS,
        limits: TEST_LIMITS,
        bindings: cellBindings,
        logger: createLogger({ level: "silent" }),
        nodeId: 1,
        // They would be among what a test counts.
        spares: 0,
        ...options,
      });
      return new TestRunner(home, runner);
    } catch (error) {
      await rm(home, { recursive: true });
      throw error;
    }
  }

  /** Writes an extracted deployment folder; `manifest` without its version. */
  async spec(manifest: object, files: Readonly<Record<string, string | Uint8Array>>): Promise<CellSpec> {
    this.#folders += 1;
    const folder = join(this.home, `deployment ${this.#folders}`);
    await makeFolder(folder, files);
    const text = JSON.stringify({ manifest: 2, ...manifest });
    await makeFolder(folder, { [EXTRACTED.manifest]: text });
    return {
      projectId: 7n,
      version: 1,
      cid: "bafy",
      folder,
      manifest: parseManifest(new TextEncoder().encode(text)),
    };
  }

  /** Starts a worker of one module. */
  async worker(source: string, manifest: object = {}): Promise<Cell> {
    const spec = await this.spec(
      { main: "index.js", modules: { "index.js": "esm" }, compatibilityDate: "2026-11-01", ...manifest },
      { "worker/index.js": source },
    );
    return this.runner.start(spec);
  }

  async close(): Promise<void> {
    await this.runner.close();
    await rm(this.home, { recursive: true, force: true });
  }
}
