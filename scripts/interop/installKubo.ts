/**
 * Builds Kubo from its sources into `.tools/ipfs`, unless that version is there.
 *
 * Not by `go install`: it asks the module proxy for the list of versions, which not every proxy gives. The module is
 * downloaded by its version, compared with the hash in `peers.ts`, and built where it lies with its own go.sum.
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import { install } from "./install.ts";
import { KUBO, TOOLS } from "./peers.ts";
import { run } from "./run.ts";

const missing = `Go is missing: install Go ${KUBO.go} or newer, https://go.dev/dl`;

await install("Kubo", async () => {
  if ((await installedVersion()) === KUBO.version) return `${KUBO.version} is there`;
  // The build keeps all cores busy for minutes; everything else goes first.
  setPriority(10);
  const source = await download();
  const partial = join(TOOLS, `ipfs.${process.pid}.partial`);
  await mkdir(TOOLS, { recursive: true });
  try {
    await build(source, partial);
    await rename(partial, KUBO.path);
  } finally {
    await rm(partial, { force: true });
  }
  const version = await installedVersion();
  if (version !== KUBO.version) throw new Error(`The build calls itself ${version}, not ${KUBO.version}.`);
  return `${version} was built`;
});

/** Undefined where there is none, or none that runs here. */
async function installedVersion(): Promise<string | undefined> {
  const version = run(KUBO.path, ["version", "--number"], { missing: "none", timeoutSeconds: 30 });
  return version.then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function download(): Promise<string> {
  console.log(`downloading ${KUBO.module} ${KUBO.version}`);
  const json = await run("go", ["mod", "download", "-json", `${KUBO.module}@v${KUBO.version}`], {
    missing,
    timeoutSeconds: 300,
  });
  const { Dir, Sum }: { Dir: string; Sum: string } = JSON.parse(json);
  if (Sum !== KUBO.sum) throw new Error(`The source of Kubo has the hash ${Sum}, not ${KUBO.sum}.`);
  return Dir;
}

async function build(source: string, output: string): Promise<void> {
  console.log("building it: some minutes, and 1.5 GB in Go's caches, the first time");
  const flags = ["-mod=readonly", "-buildvcs=false", "-trimpath"];
  await run("go", ["build", "-C", source, ...flags, "-o", output, "./cmd/ipfs"], {
    missing,
    timeoutSeconds: 2700,
    env: { CGO_ENABLED: "0", GOWORK: "off" },
  });
}
