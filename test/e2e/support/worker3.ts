import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const command = join(import.meta.dirname, "../../../cli/bin/worker3.js");

export interface Ran {
  readonly code: number | null;
  /** What stands on stdout, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has a document of its own, which its test knows
  readonly document: any;
  readonly stderr: string;
}

export interface Who {
  readonly networkFile?: string;
  readonly key?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command as a person would, who presses Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** Runs the `worker3` command with `--json`, as a person would, and reads its document. */
export async function worker3(args: readonly string[], who: Who = {}): Promise<Ran> {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...who.env };
  delete environment.NODE_OPTIONS;
  delete environment.WORKER3_NETWORK;
  delete environment.WORKER3_PRIVATE_KEY;
  if (who.networkFile !== undefined) environment.WORKER3_NETWORK = who.networkFile;
  if (who.key !== undefined) environment.WORKER3_PRIVATE_KEY = who.key;
  const child = spawn(process.execPath, [command, "--json", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
    ...(who.cwd === undefined ? {} : { cwd: who.cwd }),
  });
  const interrupt = (): void => void child.kill("SIGINT");
  who.signal?.addEventListener("abort", interrupt, { once: true });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  who.signal?.removeEventListener("abort", interrupt);
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch {
    document = stdout;
  }
  return { code, document, stderr };
}

/** The same, for what has to go well: its document. */
export async function done(args: readonly string[], who: Who = {}): Promise<Ran["document"]> {
  const { code, document, stderr } = await worker3(args, who);
  assert.equal(code, 0, `worker3 ${args.join(" ")}: ${JSON.stringify(document)}\n${stderr}`);
  return document;
}

/** The same, for what has to fail: its error. */
export async function refused(args: readonly string[], who: Who, exitCode = 1): Promise<Ran["document"]> {
  const { code, document, stderr } = await worker3(args, who);
  assert.equal(code, exitCode, `worker3 ${args.join(" ")}: ${JSON.stringify(document)}\n${stderr}`);
  assert.equal(typeof document.error?.code, "string", JSON.stringify(document));
  return document.error;
}
