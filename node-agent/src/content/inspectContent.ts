import { type FileHandle, open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  type BlockReader,
  CarError,
  type ContentLimits,
  DagError,
  fileContent,
  type ListedFile,
  ManifestError,
  PathError,
  parseDeploymentCid,
  readDeployment,
  verifyCar,
} from "@worker3/sdk";
import { extractedPath } from "../extractedFolder.ts";
import { carIndex } from "./carIndex.ts";
import { carPathIn, folderIn } from "./contentPaths.ts";
import { atPace, type Pace } from "./createPace.ts";
import { mtimeOf } from "./mtimeOf.ts";

export interface InspectContentOptions {
  readonly cid: string;
  /** The directory of this one content. */
  readonly directory: string;
  readonly limits: Partial<ContentLimits>;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

const PIECE_BYTES = 262_144;

/**
 * Compares what lies on the disk with its CID: every block of the CAR by its hash, and every file that was written out with
 * the blocks, its bytes and its time. Holds a block and a piece of a file.
 *
 * @returns What is damaged, as a sentence's end; undefined where all is as it was.
 * @throws What keeps it from being read and says nothing about it, such as too many open files; the signal's reason.
 */
export async function inspectContent(options: InspectContentOptions): Promise<string | undefined> {
  try {
    await inspect(options);
    return undefined;
  } catch (error) {
    options.signal.throwIfAborted();
    const damage = damageOf(error);
    if (damage === undefined) throw error;
    return damage;
  }
}

/** How the system says that what was there is gone or cannot be read any more. Source: errno(3). */
const LOST: ReadonlySet<unknown> = new Set(["ENOENT", "EIO", "EISDIR", "ENOTDIR"]);

/**
 * What an error tells of a content that lies on the disk and was whole once; undefined where it tells of something else. A
 * limit that the operator lowered since says nothing about it.
 */
export function damageOf(error: unknown): string | undefined {
  if (error instanceof Damage || error instanceof RangeError) return error.message;
  if (error instanceof CarError || error instanceof DagError)
    return error.code.endsWith("_LIMIT") ? undefined : `the CAR: ${error.message}`;
  if (error instanceof ManifestError || error instanceof PathError) return `the CAR: ${error.message}`;
  return error instanceof Error && "code" in error && LOST.has(error.code) ? error.message : undefined;
}

class Damage extends Error {}

async function inspect({ cid, directory, limits, pace, signal }: InspectContentOptions): Promise<void> {
  const { cid: root } = parseDeploymentCid(cid);
  const car = await open(carPathIn(directory), "r");
  try {
    const { size } = await car.stat();
    // What was taken once stays good where the operator takes less now.
    const kept = { ...limits, carBytes: Math.max(limits.carBytes ?? 0, size) };
    const index = carIndex();
    const source = atPace(piecesOf(car), pace, signal);
    for await (const block of verifyCar(source, root, { limits: kept, signal }))
      index.add(block.cid, block.bytes.length);
    const reader = index.reader(car);
    const { files } = await readDeployment(reader, root, { signal });
    const folder = folderIn(directory);
    await inspectNames(folder, files);
    for (const file of files)
      await inspectFile(join(folder, extractedPath(file.path)), file, { reader, pace, signal });
  } finally {
    await car.close();
  }
}

/** A file too many would be served to visitors as one too few would not. */
async function inspectNames(folder: string, files: readonly ListedFile[]): Promise<void> {
  const wanted = new Set(files.map(({ path }) => extractedPath(path)));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (!entry.isFile() || !wanted.delete(path)) throw new Damage(`the folder has ${path}, the CAR has not`);
  }
  const [lost] = wanted;
  if (lost !== undefined) throw new Damage(`the folder has lost ${lost}`);
}

async function inspectFile(
  path: string,
  { path: name, cid, size }: ListedFile,
  { reader, pace, signal }: { reader: BlockReader; pace: Pace; signal: AbortSignal },
): Promise<void> {
  const file = await open(path, "r");
  try {
    const { size: found, mtimeMs } = await file.stat();
    if (found !== size) throw new Damage(`${name} has ${found} bytes, of ${size}`);
    if (mtimeMs !== mtimeOf(cid) * 1_000) throw new Damage(`${name} has another time`);
    let position = 0;
    for await (const expected of fileContent(reader, cid, { signal })) {
      await pace.spend(expected.length, signal);
      if (!(await readPart(file, position, expected.length)).equals(expected))
        throw new Damage(`${name} has other bytes after ${position}`);
      position += expected.length;
    }
  } finally {
    await file.close();
  }
}

async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const part = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(part, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return part;
}

/** Read by the handle, which is used again. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
