import { mkdir, rename, rm } from "node:fs/promises";
import { setPriority } from "node:os";
import { dirname } from "node:path";
import { run } from "./run.ts";

/** A program of a Go module, by its version. */
export interface GoProgram {
  readonly name: string;
  readonly version: string;
  readonly module: string;
  /** The module's hash as go.sum writes it; its own go.sum holds those of everything that it imports. */
  readonly sum: string;
  /** Within the module: `./cmd/ipfs`. */
  readonly package: string;
  /** The Go that its go.mod asks for. */
  readonly go: string;
  /** Where it is installed. */
  readonly path: string;
  /** Makes it print its version, which `versionPattern` finds. */
  readonly versionArguments: readonly string[];
  readonly versionPattern: RegExp;
  /** To somebody who waits. */
  readonly effort: string;
}

/**
 * Builds a program from its sources, unless that version is there; says which of both.
 *
 * Not by `go install`: it asks the module proxy for the list of versions, which not every proxy gives. The module is
 * downloaded by its version, compared with its hash, and built where it lies with its own go.sum.
 */
export async function installGoProgram(program: GoProgram): Promise<string> {
  if ((await installedVersion(program)) === program.version) return `${program.version} is there`;
  // The build keeps all cores busy for minutes; everything else goes first.
  setPriority(10);
  const source = await download(program);
  const partial = `${program.path}.${process.pid}.partial`;
  await mkdir(dirname(program.path), { recursive: true });
  try {
    await build(program, source, partial);
    await rename(partial, program.path);
  } finally {
    await rm(partial, { force: true });
  }
  const version = await installedVersion(program);
  if (version !== program.version)
    throw new Error(`The build calls itself ${version}, not ${program.version}.`);
  return `${version} was built`;
}

/** Undefined where there is none, or none that runs here. */
async function installedVersion(program: GoProgram): Promise<string | undefined> {
  const text = run(program.path, program.versionArguments, { missing: "none", timeoutSeconds: 30 });
  return text.then(
    (printed) => program.versionPattern.exec(printed)?.[1],
    () => undefined,
  );
}

async function download(program: GoProgram): Promise<string> {
  const { name, module, version, sum } = program;
  console.log(`downloading ${module} ${version}`);
  const json = await run("go", ["mod", "download", "-json", `${module}@v${version}`], {
    missing: missing(program),
    timeoutSeconds: 300,
  });
  const { Dir, Sum }: { Dir: string; Sum: string } = JSON.parse(json);
  if (Sum !== sum) throw new Error(`The source of ${name} has the hash ${Sum}, not ${sum}.`);
  return Dir;
}

async function build(program: GoProgram, source: string, output: string): Promise<void> {
  console.log(`building it: ${program.effort}, the first time`);
  const flags = ["-mod=readonly", "-buildvcs=false", "-trimpath"];
  await run("go", ["build", "-C", source, ...flags, "-o", output, program.package], {
    missing: missing(program),
    timeoutSeconds: 2700,
    env: { CGO_ENABLED: "0", GOWORK: "off" },
  });
}

function missing({ go }: GoProgram): string {
  return `Go is missing: install Go ${go} or newer, https://go.dev/dl`;
}
