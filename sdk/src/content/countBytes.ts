import type { FileContent } from "./storeFile.ts";

/** The same content; `count` is told the length of each piece as it is read. */
export function countBytes(content: FileContent, count: (length: number) => void): FileContent {
  if (content instanceof Uint8Array) {
    count(content.length);
    return content;
  }
  return counting(content, count);
}

async function* counting(
  content: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of content) {
    count(piece.length);
    yield piece;
  }
}
