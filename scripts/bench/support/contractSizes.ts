import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { contractTable, ownContracts } from "../../../sdk/src/contracts/table.ts";
import type { Row } from "../table.ts";

/** Those that are written here. */
export const CONTRACTS = ownContracts.map((key) => contractTable[key].name);
export const ARTIFACTS = join(import.meta.dirname, "../../../artifacts");

/** Nine tenths of what EIP-170 allows: a fault that is found late still has room for its mending. */
const MAX_RUNTIME_BYTES = Math.floor(0.9 * 24_576);
/** EIP-3860; constructor arguments come on top. */
const MAX_INIT_BYTES = 49_152;

/** Sizes of the contracts as they are built. The goals are within the limits of the chain. */
export async function contractSizes(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of CONTRACTS) {
    const artifact = join(ARTIFACTS, "contracts", `${name}.sol`, `${name}.json`);
    const { bytecode, deployedBytecode } = JSON.parse(await readFile(artifact, "utf8"));
    rows.push({ what: name, value: bytesOf(deployedBytecode), unit: "bytes", goal: MAX_RUNTIME_BYTES });
    const what = `${name}, creation code`;
    rows.push({ what, value: bytesOf(bytecode), unit: "bytes", goal: MAX_INIT_BYTES });
  }
  return rows;
}

const bytesOf = (hex: string): number => (hex.length - 2) / 2;
