import { mkdir } from "node:fs/promises";
import type { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import { BundleError } from "./BundleError.ts";
import { type BundleTask, bundleArguments } from "./bundleArguments.ts";
import { type RunWranglerParameters, runWrangler, type WranglerRun } from "./runWrangler.ts";
import type { Configuration } from "./wranglerConfiguration.ts";
import { wranglerProblem } from "./wranglerProblem.ts";

// The compiler puts out a file beside this one with the ending of this one.
const HOST = fileURLToPath(import.meta.url.replace(/startWrangler\.(\w+)$/, "wranglerHost.$1"));

/** A wrangler that is loaded, and bundles when it is told to: see `wranglerHost`. Disposed of, it is gone. */
export interface StartedWrangler extends AsyncDisposable {
  /** Rejects with `BUNDLE_FAILED` where wrangler itself does not start; or with the signal's reason. */
  readonly configuration: Promise<Configuration>;
  /** Whether it was started for this. */
  isFor(task: BundleTask): boolean;
  /** Bundles; once. Rejects as `runWrangler` does. */
  run(onLine: ((line: string) => void) | undefined): Promise<WranglerRun>;
}

export interface StartWranglerParameters extends BundleTask {
  /** The project's folder. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/** Starts to load wrangler for a project, so that its second goes by beside other work. */
export function startWrangler(parameters: StartWranglerParameters): StartedWrangler {
  const { directory, temporary, signal } = parameters;
  const told = Promise.withResolvers<Configuration>();
  const gate = Promise.withResolvers<Writable>();
  let say: ((line: string) => void) | undefined;
  const run = async (): Promise<WranglerRun> => {
    await mkdir(temporary, { recursive: true }); // wrangler writes the metafile into no new folder
    const options: RunWranglerParameters = {
      args: bundleArguments(parameters),
      preload: HOST,
      directory,
      temporary,
      signal,
      onLine: (line) => say?.(line),
      onPipes(tells, waits) {
        gate.resolve(waits);
        buffer(tells).then((bytes) => {
          // Nothing: it ended before, and its end says why.
          if (bytes.length > 0) told.resolve(deserialize(bytes));
        }, told.reject);
      },
    };
    return runWrangler(options);
  };
  const ended = run();
  ended.then(({ output }) => {
    const message = wranglerProblem(output, [directory, temporary]) || "Wrangler does not start.";
    told.reject(new BundleError({ code: "BUNDLE_FAILED", message, value: directory }));
  }, told.reject);
  told.promise.catch(() => undefined); // heard by whoever asks
  const over = ended.then(
    () => undefined,
    () => undefined,
  );
  const pipe = (): Promise<Writable | undefined> => Promise.race([gate.promise, over]);
  return {
    configuration: told.promise,
    isFor: (task) => bundleArguments(task).join("\0") === bundleArguments(parameters).join("\0"),
    async run(onLine) {
      say = onLine;
      (await pipe())?.end("1"); // one byte, as it reads one: of more the pipe would be reset
      return ended;
    },
    async [Symbol.asyncDispose]() {
      (await pipe())?.end();
      await over;
    },
  };
}
