import { readdir } from "node:fs/promises";

/** What Pages makes routes of, by the ending. */
const CODE = /\.(js|mjs|cjs|ts|mts|tsx|jsx|wasm)$/;

/** Whether a folder holds Pages Functions: code, in it or below. A folder that is not there holds none. */
export async function holdsFunctions(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory, { recursive: true })).some((name) => CODE.test(name));
  } catch {
    return false;
  }
}
