import { open } from "node:fs/promises";

/** The last bytes of a file as text, from the first whole line on. Empty where there is no such file. */
export async function readTail(path: string, maxBytes: number): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, "r");
  } catch {
    return "";
  }
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(size, maxBytes)),
      position: from,
    });
    const text = buffer.toString("utf8", 0, bytesRead);
    const cut = from === 0 ? 0 : text.indexOf("\n") + 1;
    return text.slice(cut).trimEnd();
  } finally {
    await file.close();
  }
}
