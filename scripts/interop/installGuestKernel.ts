import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  KERNEL_FOLDER,
  kernelFilesIn,
  missingKernelFiles,
} from "../../node-agent/src/cells/testing/guest/kernelFiles.ts";
import { dependenciesOf, downloadPackages } from "./debianPackages.ts";
import { run } from "./run.ts";

const missing = "the kernel that tests boot is missing";

/** Debian's package that depends on its newest kernel. The one for clouds, a third of its size, has no 9p. */
const NEWEST_KERNEL = "linux-image-amd64";
/** Installed, it would take the place of another busybox. */
const BUSYBOX = "busybox-static";

/** What the guest has to load before it can read this machine's files by 9p over virtio; with what they depend on. */
const MODULES = ["virtio_pci", "9pnet_virtio", "9p"];

/**
 * Brings the kernel that tests boot in an emulator into `.tools/kernel`, and what it needs until it reads this machine's
 * files. The packages are unpacked, not installed: an installed kernel would be what this machine boots next. Needs no rights.
 */
export async function installGuestKernel(): Promise<string> {
  const version = join(KERNEL_FOLDER, "version");
  if ((await missingKernelFiles(kernelFilesIn(KERNEL_FOLDER))).length === 0) {
    return `${await readFile(version, "utf8")} is there`;
  }
  await mkdir(dirname(KERNEL_FOLDER), { recursive: true });
  const scratch = await mkdtemp(`${KERNEL_FOLDER}.partial-`);
  try {
    const unpacked = await unpack(scratch);
    const folder = join(scratch, "kernel");
    const name = await pick(unpacked, folder);
    await rm(KERNEL_FOLDER, { recursive: true, force: true });
    await rename(folder, KERNEL_FOLDER);
    return `${name} was unpacked`;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A folder with what is in the packages. */
async function unpack(scratch: string): Promise<string> {
  const [image] = await dependenciesOf(NEWEST_KERNEL, { missing });
  if (image === undefined) throw new Error(`Debian's ${NEWEST_KERNEL} names no kernel.`);
  const packages = join(scratch, "packages");
  const unpacked = join(scratch, "unpacked");
  await mkdir(packages);
  const files = await downloadPackages([image, BUSYBOX], { folder: packages, missing });
  for (const file of files) {
    await run("dpkg", ["-x", file, unpacked], {
      missing: `${missing}; there is no dpkg to unpack it`,
      timeoutSeconds: 300,
    });
  }
  return unpacked;
}

/** Takes what a guest needs out of the 400 MB of the packages. Gives the kernel's version. */
async function pick(unpacked: string, folder: string): Promise<string> {
  const { kernel, busybox, modules } = kernelFilesIn(folder);
  const all = await readdir(unpacked, { recursive: true });
  const find = (pattern: RegExp) => {
    const found = all.find((path) => pattern.test(path));
    if (found === undefined) throw new Error(`Debian's packages hold no ${pattern.source}.`);
    return join(unpacked, found);
  };
  await mkdir(modules, { recursive: true });
  const image = find(/^boot\/vmlinuz-/);
  await cp(image, kernel);
  await cp(find(/bin\/busybox$/), busybox);

  const builtIn = await readFile(find(/\/modules\.builtin$/), "utf8");
  const byName = (paths: readonly string[]) => new Map(paths.map((path) => [moduleName(path), path]));
  const there = {
    files: byName(all.filter((path) => /\.ko(\.xz)?$/.test(path)).map((path) => join(unpacked, path))),
    builtIn: byName(builtIn.split("\n")),
    unxz: (path: string) =>
      run(busybox, ["unxz", path], { missing: "busybox does not run here", timeoutSeconds: 60 }),
  };
  const sorted = new Map<string, string>();
  for (const name of MODULES) await collect(name, there, sorted);
  for (const [index, path] of [...sorted.values()].entries()) {
    await cp(path, join(modules, `${String(index).padStart(2, "0")}-${basename(path)}`));
  }
  const version = basename(image).replace("vmlinuz-", "");
  await writeFile(join(folder, "version"), version);
  return version;
}

interface ModulesThere {
  readonly files: ReadonlyMap<string, string>;
  readonly builtIn: ReadonlyMap<string, string>;
  /** Takes the `.xz` off a file, as newer Debians compress modules. */
  readonly unxz: (path: string) => Promise<unknown>;
}

/** Adds a module behind those that it depends on, which it tells itself: `depends=a,b` between NULs. */
async function collect(name: string, there: ModulesThere, sorted: Map<string, string>): Promise<void> {
  if (sorted.has(name)) return;
  const found = there.files.get(name);
  if (found === undefined) {
    if (there.builtIn.has(name)) return;
    throw new Error(`Debian's kernel has no module ${name}.`);
  }
  const path = found.replace(/\.xz$/, "");
  if (path !== found) await there.unxz(found);
  const [, depends = ""] = /\0depends=([^\0]*)\0/.exec(await readFile(path, "latin1")) ?? [];
  for (const other of depends.split(",").filter(Boolean)) await collect(moduleName(other), there, sorted);
  sorted.set(name, path);
}

/** Files are called `virtio-ring` or `virtio_ring`, as it comes; modules mean the same by both. */
function moduleName(path: string): string {
  return basename(path)
    .replace(/\.ko(\.xz)?$/, "")
    .replaceAll("-", "_");
}
