import { equals } from "multiformats/bytes";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { foreignWords } from "../errors/foreignWords.ts";
import { type ByteReader, byteReader } from "./byteReader.ts";
import { cidProblem } from "./cidProblem.ts";
import { dagFrontier } from "./dagFrontier.ts";
import { decodeLinks } from "./decodeLinks.ts";
import { CarError, type CarErrorCode } from "./errors.ts";
import { type ContentLimits, DEFAULT_LIMITS } from "./limits.ts";
import { readHeader } from "./readHeader.ts";
import { readSection } from "./readSection.ts";
import type { Block } from "./walkDag.ts";

export interface VerifyCarOptions {
  limits?: Partial<Pick<ContentLimits, "carBytes" | "blockBytes" | "blocks" | "links" | "depth">> | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads a CAR from a stranger and yields its blocks, each once its hash was checked. Takes exactly the DAG under
 * `root`: one root, CIDv1, sha2-256, dag-pb and raw only, all blocks depth first in link order, each the first time
 * that it is met, and nothing after the last. The whole is good only when the generator ends without an error.
 *
 * Held in memory, whatever the stream claims: one block, one piece of the source, and some 200 bytes for each distinct
 * CID. Stops the source when the consumer stops, or when the signal aborts (its reason is thrown).
 *
 * @throws {CarError} see `CarErrorCode`: names the block, what was expected and the bytes received.
 */
export async function* verifyCar(
  source: AsyncIterable<Uint8Array>,
  root: CID,
  options: VerifyCarOptions = {},
): AsyncGenerator<Block, void, undefined> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const reader = byteReader(source, { limit: limits.carBytes, signal: options.signal });
  try {
    checkCid(root, undefined, reader);
    await readHeader(reader, root);
    const frontier = dagFrontier(root);
    for (let count = 0; ; count += 1) {
      const asked = frontier.next();
      if (asked === undefined) break;
      const { cid, depth } = asked;
      const bytes = await readSection(reader, cid, count, limits.blockBytes);
      await checkHash(cid, bytes, count, reader);
      const links = linksOf(cid, bytes, count, reader);
      checkLimit("links of one node", links.length, limits.links, cid, count, reader);
      if (links.length > 0) checkLimit("levels of links", depth + 1, limits.depth, cid, count, reader);
      for (const link of links) checkCid(link, { cid, count }, reader);
      frontier.push(links, depth + 1);
      checkLimit("blocks", frontier.named(), limits.blocks, cid, count, reader);
      yield { cid, bytes };
    }
    await checkEnd(reader);
  } finally {
    await reader.close();
  }
}

function refuse(
  code: CarErrorCode,
  message: string,
  value: string,
  reader: ByteReader,
  at: { block?: number | undefined; expected?: string | undefined } = {},
): never {
  throw new CarError({
    code,
    message,
    value,
    ...at,
    received: reader.received(),
    next: "take the CAR from another source",
  });
}

async function checkHash(cid: CID, bytes: Uint8Array, block: number, reader: ByteReader): Promise<void> {
  const digest = await sha256.digest(bytes);
  if (equals(digest.bytes, cid.multihash.bytes)) return;
  const found = CID.createV1(cid.code, digest).toString();
  refuse("CAR_WRONG_HASH", `the bytes of block ${block} are not those of ${cid}`, found, reader, {
    block,
    expected: cid.toString(),
  });
}

function linksOf(cid: CID, bytes: Uint8Array, block: number, reader: ByteReader): CID[] {
  try {
    return decodeLinks(cid, bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return refuse(
      "CAR_BAD_NODE",
      `block ${block} is no dag-pb node: ${foreignWords(why)}`,
      cid.toString(),
      reader,
      {
        block,
      },
    );
  }
}

function checkCid(cid: CID, at: { cid: CID; count: number } | undefined, reader: ByteReader): void {
  const problem = cidProblem(cid);
  if (problem === undefined) return;
  const where = at === undefined ? "the root" : `a link of block ${at.count} (${at.cid})`;
  refuse("CAR_BAD_NODE", `${where} ${problem}`, cid.toString(), reader, { block: at?.count });
}

function checkLimit(
  what: string,
  value: number,
  limit: number,
  cid: CID,
  block: number,
  reader: ByteReader,
): void {
  if (value <= limit) return;
  refuse(
    "CAR_LIMIT",
    `more ${what} than the ${limit} that are taken, at block ${block} (${cid})`,
    String(value),
    reader,
    {
      block,
    },
  );
}

async function checkEnd(reader: ByteReader): Promise<void> {
  const received = reader.received();
  if ((await reader.byte()) === undefined) return;
  refuse(
    "CAR_TRAILING",
    "the CAR goes on after the last block of the DAG",
    `byte after ${received}`,
    reader,
    {
      expected: "the end",
    },
  );
}
