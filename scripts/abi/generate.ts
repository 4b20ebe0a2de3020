/**
 * `npm run build:abi`: writes ABIs and bytecode of the contracts into the sdk, from the artifacts of `hardhat build`, and
 * the digest of what they were made of. `--check` writes nothing and fails where the files in git are not what the
 * contracts give.
 */
import { join } from "node:path";
import { generateAbi, staleFiles } from "./generateAbi.ts";

const root = join(import.meta.dirname, "../..");
const directory = join(root, "sdk/src/abi");

if (process.argv.includes("--check")) {
  const stale = await staleFiles(root, directory);
  if (stale.length > 0) {
    console.error(`sdk/src/abi is not what the contracts give: ${stale.join(", ")}. Run: npm run build:abi`);
    process.exit(1);
  }
} else {
  await generateAbi(root, directory);
}
