/**
 * Writes the ABIs and the bytecode of the contracts into the sdk, from the artifacts of `hardhat build`.
 * `--check` writes nothing and fails where the files in git are not what the contracts give.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTypeChain } from "typechain";
import { contractTable } from "../../sdk/src/contracts/table.ts";

const root = join(import.meta.dirname, "../..");
const outDir = join(root, "sdk/src/abi");
const artifacts = Object.values(contractTable).map(({ name, source }) =>
  join(root, "artifacts", source, `${name}.json`),
);

async function generate(into: string): Promise<void> {
  await runTypeChain({
    cwd: root,
    target: join(import.meta.dirname, "ViemTarget.ts"),
    outDir: into,
    filesToProcess: artifacts,
    allFiles: artifacts,
    prettier: { printWidth: 110 },
  });
}

async function staleFiles(): Promise<string[]> {
  const fresh = await mkdtemp(join(tmpdir(), "worker3-abi-"));
  try {
    await generate(fresh);
    const names = new Set([...(await readdir(fresh)), ...(await readdir(outDir))]);
    const stale: string[] = [];
    for (const name of names) {
      const [wanted, found] = await Promise.all(
        [fresh, outDir].map((dir) => readFile(join(dir, name), "utf8").catch(() => undefined)),
      );
      if (wanted !== found) stale.push(name);
    }
    return stale;
  } finally {
    await rm(fresh, { recursive: true });
  }
}

if (process.argv.includes("--check")) {
  const stale = await staleFiles();
  if (stale.length > 0) {
    console.error(`sdk/src/abi is not what the contracts give: ${stale.join(", ")}. Run: npm run build`);
    process.exit(1);
  }
} else {
  await generate(outDir);
}
