import type { Context } from "hono";
import { CID } from "multiformats/cid";
import { ApiError } from "./ApiError.ts";
import type { ApiParts } from "./ApiParts.ts";
import { deniedError } from "./deniedError.ts";
import { askerOf } from "./downloads/askerOf.ts";
import type { Sendable } from "./downloads/createDownloads.ts";
import { type Format, negotiateFormat } from "./negotiateFormat.ts";
import { badRequest } from "./pathParameters.ts";

const IDENTITY_HASH = 0;
/** Of a block, which is read as a whole. */
const PIECE_BYTES = 32_768;

type Parts = Pick<
  ApiParts,
  "content" | "isDenied" | "downloads" | "nodeId" | "network" | "nowSeconds" | "recoverKey" | "isReplica"
>;

const TYPES: Readonly<Record<Format, { contentType: string; extension: string }>> = {
  car: { contentType: "application/vnd.ipld.car; version=1; order=dfs; dups=n", extension: "car" },
  raw: { contentType: "application/vnd.ipld.raw", extension: "bin" },
};

/**
 * `GET` and `HEAD /ipfs/{cid}`: the trustless gateway over what this node stores. CARs are those of whole deployments.
 *
 * Source: https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export async function ipfsRoute(c: Context, parts: Parts): Promise<Response> {
  const { content, isDenied, downloads } = parts;
  const text = c.req.param("cid") ?? "";
  const format = negotiateFormat(new URL(c.req.url).searchParams, c.req.header("accept"));
  const cid = parseCid(text);
  if (isDenied(cid.toString())) throw deniedError(text);
  const isKnown = isFresh(c.req.header("if-none-match"), etagOf(text, format));
  const isWanted = c.req.method !== "HEAD" && !isKnown;
  // Before anything is opened or read: what waits for nobody takes no memory.
  const download = isWanted ? downloads.begin(await askerOf(c, cid.toString(), parts)) : undefined;
  let open: Sendable | undefined;
  try {
    open = format === "car" ? await openCar(cid, content) : await openBlock(cid, content);
  } finally {
    if (open === undefined) download?.end();
  }
  if (open === undefined) {
    throw new ApiError({
      code: "CONTENT_MISSING",
      message: format === "car" ? "this node has no deployment with this CID" : "this node has no such block",
      value: text,
      next: "ask one of the project's replicas",
    });
  }
  setHeaders(c, text, format);
  if (isKnown) {
    open.close();
    return c.body(null, 304);
  }
  c.header("Content-Type", TYPES[format].contentType);
  c.header("Content-Length", String(open.bytes));
  if (download !== undefined) return c.body(download.body(open));
  open.close();
  return c.body(null);
}

async function openCar(cid: CID, content: ApiParts["content"]): Promise<Sendable | undefined> {
  const car = await content.openCar(cid.toString());
  if (car === undefined) return undefined;
  const { bytes, stream } = car;
  return { bytes, pieces: stream, close: () => void stream.destroy() };
}

async function openBlock(cid: CID, content: ApiParts["content"]): Promise<Sendable | undefined> {
  // An identity CID holds its block; clients probe gateways with the empty one, bafkqaaa.
  const isInline = cid.multihash.code === IDENTITY_HASH;
  const block = isInline ? cid.multihash.digest.slice() : await content.readBlock(cid);
  return block && { bytes: block.length, pieces: piecesOf(block), close: () => undefined };
}

async function* piecesOf(block: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < block.length; from += PIECE_BYTES) yield block.subarray(from, from + PIECE_BYTES);
}

function parseCid(text: string): CID {
  try {
    return CID.parse(text).toV1();
  } catch {
    throw badRequest("the path does not name a CID", text);
  }
}

function setHeaders(c: Context, cid: string, format: Format): void {
  c.header("Etag", etagOf(cid, format));
  c.header("Cache-Control", "public, max-age=29030400, immutable");
  c.header("Content-Disposition", `attachment; filename="${cid}.${TYPES[format].extension}"`);
  c.header("X-Content-Type-Options", "nosniff");
  c.header("X-Ipfs-Path", `/ipfs/${cid}`);
  c.header("Vary", "Accept", { append: true });
  if (c.req.query("format") === undefined) c.header("Content-Location", `/ipfs/${cid}?format=${format}`);
}

/** Strong: a CID and a format have one sequence of bytes here. */
const etagOf = (cid: string, format: Format): string => `"${cid}.${format}"`;

function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return known.includes(etag) || known.includes("*");
}
