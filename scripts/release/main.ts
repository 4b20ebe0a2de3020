/**
 * `npm run release`: packs the command and what it needs into `release/`, as they would be published.
 *
 * Whatever an earlier build left of files that are gone now would be packed too, so each is built anew.
 */
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../interop/run.ts";
import { releasedPackages, tarballOf } from "./releasedPackages.ts";

const root = join(import.meta.dirname, "../..");
const release = join(root, "release");
const npm = (...args: string[]) =>
  run("npm", args, { missing: "npm is missing", timeoutSeconds: 300, cwd: root });

const packages = await releasedPackages(root);
await rm(release, { recursive: true, force: true });
await mkdir(release);
for (const { folder } of packages) await rm(join(root, folder, "dist"), { recursive: true, force: true });
await npm("run", "build:packages");
for (const { folder } of packages) {
  // npm packs the licence of the package's own folder alone.
  const licence = join(root, folder, "LICENSE");
  await copyFile(join(root, "LICENSE"), licence);
  try {
    await npm("pack", "--silent", "--workspace", folder, "--pack-destination", release);
  } finally {
    await rm(licence);
  }
}
for (const each of packages) console.log(join("release", tarballOf(each)));
