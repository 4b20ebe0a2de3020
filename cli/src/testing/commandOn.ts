import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorDocument, Network } from "@worker3/sdk";
import { networkToJson } from "@worker3/sdk";
import { runHere } from "./runHere.ts";
import type { Ended } from "./runWorker3.ts";

// biome-ignore lint/suspicious/noExplicitAny: documents are what the tests are about; every field is asserted
type Document = any;

/** The command against one network, acting with one key. */
export interface TestCommand extends AsyncDisposable {
  /** A folder of its own, where the network file lies. */
  readonly directory: string;
  /** Runs with `--json` and gives the document; fails the test unless the exit code is 0. */
  json(...args: string[]): Promise<Document>;
  /** Runs with `--json` and gives the error's document; fails the test unless the exit code is `code`. */
  error(code: 1 | 2, ...args: string[]): Promise<ErrorDocument>;
  /** Runs as it is. */
  run(...args: string[]): Promise<Ended>;
  /** Runs as it is, until the signal aborts. */
  runUntil(signal: AbortSignal, ...args: string[]): Promise<Ended>;
}

/** Writes a network file into a new folder and runs commands there. */
export async function commandOn(network: Network, key?: string): Promise<TestCommand> {
  const directory = await mkdtemp(join(tmpdir(), "worker3-cli-"));
  const file = join(directory, "network.json");
  await writeFile(file, JSON.stringify(networkToJson(network)));
  const env = { WORKER3_NETWORK: file, ...(key === undefined ? {} : { WORKER3_PRIVATE_KEY: key }) };
  const run = (...args: string[]): Promise<Ended> => runHere(args, { env, cwd: directory });
  const runUntil = (signal: AbortSignal, ...args: string[]): Promise<Ended> =>
    runHere(args, { env, cwd: directory, signal });
  return {
    directory,
    run,
    runUntil,
    async json(...args) {
      const { code, stdout, stderr } = await run(...args, "--json");
      assert.equal(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
      return one(stdout);
    },
    async error(expected, ...args) {
      const { code, stdout, stderr } = await run(...args, "--json");
      assert.equal(code, expected, `${args.join(" ")}: ${stdout}${stderr}`);
      const { error } = one(stdout);
      for (const field of ["code", "message"]) assert.equal(typeof error[field], "string", stdout);
      return error;
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

/** Exactly one line with one document. */
function one(stdout: string): Document {
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 1, `stdout is one document: ${stdout}`);
  return JSON.parse(lines[0] ?? "");
}
