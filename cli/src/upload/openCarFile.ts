import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { type Car, parseDeploymentCid, UploadError, verifyCar } from "@worker3/sdk";
import { CID } from "multiformats/cid";

/** Length of the head and DAG-CBOR of `{roots: [CID], version: 1}` before and behind a CIDv1 with a sha2-256 digest. */
const HEAD = Buffer.from("3aa265726f6f747381d82a582500", "hex");
const TAIL = Buffer.from("6776657273696f6e01", "hex");
const CID_BYTES = 36;
const HEADER_BYTES = HEAD.length + CID_BYTES + TAIL.length;

/**
 * A CAR on disk, every block of it checked: what `worker3 pack -o` and `worker3 export` write.
 *
 * @throws {UploadError} `CAR_UNREADABLE`; {CarError}, {CidError}: it is no CAR of a deployment.
 */
export async function openCarFile(path: string, signal: AbortSignal | undefined): Promise<Car> {
  const cid = CID.decode(await rootOf(path));
  const { text } = parseDeploymentCid(cid.toString());
  const read = (): AsyncIterable<Uint8Array> => createReadStream(path);
  for await (const _ of verifyCar(read(), cid, { signal }));
  return { cid: text, bytes: (await stat(path)).size, open: read };
}

/** The verifier wants to know what it verifies: the root is read before. */
async function rootOf(path: string): Promise<Uint8Array> {
  const header = await readStart(path);
  const end = HEAD.length + CID_BYTES;
  if (header.subarray(0, HEAD.length).equals(HEAD) && header.subarray(end).equals(TAIL)) {
    return header.subarray(HEAD.length, end);
  }
  throw new UploadError({
    code: "CAR_UNREADABLE",
    message: "The file is no CAR with one root.",
    value: path,
    next: "name a folder, or a CAR as worker3 pack and export write it",
  });
}

async function readStart(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new UploadError({
      code: "CAR_UNREADABLE",
      message: "There is no such file or folder, or it cannot be read.",
      value: path,
      next: "name a folder, or a CAR as worker3 pack and export write it",
      cause,
    });
  }
}
