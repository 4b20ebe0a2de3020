import { appendFile, stat, truncate } from "node:fs/promises";
import { readTail } from "./readTail.ts";

/**
 * Empties a log above its cap but for the last quarter of the cap. The process that writes it goes on undisturbed, as it
 * appends; what it writes meanwhile may be lost. A missing file is left alone.
 */
export async function capLog(path: string, { capBytes }: { capBytes: number }): Promise<void> {
  try {
    if ((await stat(path)).size <= capBytes) return;
    const tail = await readTail(path, Math.floor(capBytes / 4));
    await truncate(path);
    await appendFile(path, `... older lines dropped\n${tail}\n`, { flag: "a" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
