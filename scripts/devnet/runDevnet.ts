import { inspect } from "node:util";
import { Worker3Error } from "../../sdk/src/errors/Worker3Error.ts";
import { createProcesses } from "./createProcesses.ts";
import { createProgress } from "./createProgress.ts";
import { DevnetError } from "./DevnetError.ts";
import { type DevnetOptions, parseOptions, USAGE } from "./parseOptions.ts";
import { readyTable } from "./readyTable.ts";
import { startDevnet } from "./startDevnet.ts";
import type { DevnetParts } from "./startNetwork.ts";
import { untilStopped } from "./untilStopped.ts";

/**
 * `npm run devnet`: starts a devnet and keeps it until this process is told to stop or its parent ends.
 *
 * @returns The exit code: 0 after a stop in order, 1 after a failure, 2 for wrong usage.
 */
export async function runDevnet(args: readonly string[], parts: DevnetParts): Promise<0 | 1 | 2> {
  // The one who reads may end first; that is no reason to leave anything behind.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

  let options: DevnetOptions;
  try {
    options = parseOptions(args, process.cwd());
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }

  const progress = createProgress();
  const processes = createProcesses(progress.say);
  const stop = untilStopped({ say: progress.say, killAll: () => processes.killAll() });
  let ready = false;
  try {
    const { signal } = stop;
    const onChainEnd = (how: string): void =>
      stop.now(new DevnetError({ code: "CHAIN_ENDED", message: `the chain (anvil) ended (${how})` }));
    const started = startDevnet({ options, parts, processes, progress, signal, onChainEnd });
    const document = await Promise.race([started, stop.reason]);
    ready = true;
    process.stdout.write(
      options.json
        ? `${JSON.stringify(document)}\n`
        : readyTable({
            document,
            stateDirectory: options.stateDirectory,
            currentDirectory: process.cwd(),
            seconds: progress.seconds(),
          }),
    );
    return await stop.reason;
  } catch (error) {
    if (error instanceof DevnetError && error.code === "STOPPED") {
      progress.say(`stopping: ${error.message}`);
      return 0;
    }
    process.stderr.write(`${errorText(error)}\n`);
    if (options.json && !ready) process.stdout.write(`${JSON.stringify(failure(error))}\n`);
    return 1;
  } finally {
    await processes.stopAll();
    progress.say("everything is stopped");
    stop.end();
  }
}

function failure(error: unknown) {
  const document =
    error instanceof Worker3Error
      ? error.toJSON()
      : { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
  return { event: "failed", error: document };
}

function errorText(error: unknown): string {
  // A bug: with its stack and what caused it.
  if (!(error instanceof Worker3Error)) return `devnet: ${inspect(error)}`;
  const { message, value, next } = error;
  return [
    `devnet: ${message}`,
    ...(value === undefined || message.includes(value) ? [] : [`  value: ${value}`]),
    ...(next === undefined ? [] : [`  next: ${next}`]),
  ].join("\n");
}
