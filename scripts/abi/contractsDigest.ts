import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { COMPILER } from "../../ignition/compiler.ts";

/** Packages whose code or output goes into the bytecode; the project names exact versions of them. */
const PACKAGES = ["solc", "@openzeppelin/contracts"];

/** Where the digest of what ABIs and bytecode were made of is kept, beside them. */
export const DIGEST_FILE = "contracts.sha256";

/**
 * A digest over whatever the bytecode in `sdk/src/abi` is made of: the sources, the compiler and its settings, the library.
 * It takes milliseconds, where asking Hardhat takes three seconds, and compiling a minute.
 *
 * @param root - The project's.
 */
export async function contractsDigest(root: string): Promise<string> {
  const directory = join(root, "contracts");
  const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".sol"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const hash = createHash("sha256");
  hash.update(JSON.stringify([COMPILER, PACKAGES.map((name) => devDependencies[name])]));
  for (const file of files) {
    hash.update(`\0${relative(directory, file)}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}
