import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTypeChain } from "typechain";
import { contractTable } from "../../sdk/src/contracts/table.ts";
import { contractsDigest, DIGEST_FILE } from "./contractsDigest.ts";

/** Writes ABIs, bytecode and their digest into a folder, from the artifacts of the project at `root`. */
export async function generateAbi(root: string, into: string): Promise<void> {
  const artifacts = Object.values(contractTable).map(({ name, source }) =>
    join(root, "artifacts", source, `${name}.json`),
  );
  await runTypeChain({
    cwd: root,
    target: join(import.meta.dirname, "ViemTarget.ts"),
    outDir: into,
    filesToProcess: artifacts,
    allFiles: artifacts,
    prettier: { printWidth: 110 },
  });
  await writeFile(join(into, DIGEST_FILE), `${await contractsDigest(root)}\n`);
}

/** The files of a folder that are not, byte for byte, what the artifacts of the project at `root` give. */
export async function staleFiles(root: string, directory: string): Promise<string[]> {
  const fresh = await mkdtemp(join(tmpdir(), "worker3-abi-"));
  try {
    await generateAbi(root, fresh);
    const names = new Set([...(await readdir(fresh)), ...(await readdir(directory))]);
    const stale: string[] = [];
    for (const name of names) {
      const [wanted, found] = await Promise.all(
        [fresh, directory].map((dir) => readFile(join(dir, name), "utf8").catch(() => undefined)),
      );
      if (wanted !== found) stale.push(name);
    }
    return stale;
  } finally {
    await rm(fresh, { recursive: true });
  }
}
