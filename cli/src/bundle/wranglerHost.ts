/**
 * Loaded into wrangler's process before wrangler itself (`--require`). Wrangler is 15 MB of code that take most of a second
 * to load: here one load reads the configuration and bundles. When wrangler has begun, and before it does anything, the
 * process tells what the configuration says, and waits until it is told to go on; a pipe that ends instead ends it.
 */
import { closeSync, readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { serialize } from "node:v8";
import { readConfiguration } from "./wranglerConfiguration.ts";

/** Descriptors of the pipes, and the arguments that name what is read: as `startWrangler` gives them. */
const TELLS = 3;
const WAITS = 4;
/** Where a pipe does not block, it is looked at so often. */
const LOOK_MS = 5;

const require = createRequire(import.meta.url);
// The queue of ticks comes after the main module, and before anything that it waits for.
process.nextTick(hold);

function hold(): void {
  // Where something else is loaded by `--import`, the main module comes later; asked for here it would not be the main one.
  if (!(require.resolve("wrangler") in require.cache)) return void setImmediate(hold);
  const environment = argumentOf("--env");
  tell(
    readConfiguration(
      require("wrangler"),
      argumentOf("--config"),
      environment === "" ? undefined : environment,
    ),
  );
  if (!mayGoOn()) process.exit(0);
  closeSync(WAITS); // what wrangler starts has nothing to do with it
}

function argumentOf(name: string): string {
  return process.argv[process.argv.indexOf(name) + 1] ?? "";
}

function tell(document: object): void {
  const bytes = serialize(document);
  for (let done = 0; done < bytes.length; ) done += whenReady(() => writeSync(TELLS, bytes, done));
  closeSync(TELLS);
}

function mayGoOn(): boolean {
  return whenReady(() => readSync(WAITS, Buffer.alloc(1))) > 0;
}

function whenReady(work: () => number): number {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    }
  }
}
