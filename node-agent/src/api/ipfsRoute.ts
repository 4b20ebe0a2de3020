import { Readable } from "node:stream";
import type { Context } from "hono";
import { CID } from "multiformats/cid";
import { ApiError } from "./ApiError.ts";
import type { ApiParts } from "./ApiParts.ts";
import { deniedError } from "./deniedError.ts";
import { type Format, negotiateFormat } from "./negotiateFormat.ts";
import { badRequest } from "./pathParameters.ts";

const IDENTITY_HASH = 0;

const TYPES: Readonly<Record<Format, { contentType: string; extension: string }>> = {
  car: { contentType: "application/vnd.ipld.car; version=1; order=dfs; dups=n", extension: "car" },
  raw: { contentType: "application/vnd.ipld.raw", extension: "bin" },
};

/**
 * `GET` and `HEAD /ipfs/{cid}`: the trustless gateway over what this node stores. CARs are those of whole deployments.
 *
 * Source: https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export async function ipfsRoute(
  c: Context,
  { content, isDenied }: Pick<ApiParts, "content" | "isDenied">,
): Promise<Response> {
  const text = c.req.param("cid") ?? "";
  const format = negotiateFormat(new URL(c.req.url).searchParams, c.req.header("accept"));
  const cid = parseCid(text);
  if (isDenied(cid.toString())) throw deniedError(text);
  const open = format === "car" ? await openCar(cid, content) : await openBlock(cid, content);
  if (open === undefined) {
    throw new ApiError({
      code: "CONTENT_MISSING",
      message: format === "car" ? "this node has no deployment with this CID" : "this node has no such block",
      value: text,
      next: "ask one of the project's replicas",
    });
  }
  setHeaders(c, text, format);
  if (isFresh(c.req.header("if-none-match"), etagOf(text, format))) {
    open.close();
    return c.body(null, 304);
  }
  c.header("Content-Type", TYPES[format].contentType);
  c.header("Content-Length", String(open.bytes));
  if (c.req.method !== "HEAD") return c.body(open.body());
  open.close();
  return c.body(null);
}

interface Open {
  readonly bytes: number;
  body(): ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
  /** Where the body is not wanted. */
  close(): void;
}

async function openCar(cid: CID, content: ApiParts["content"]): Promise<Open | undefined> {
  const car = await content.openCar(cid.toString());
  if (car === undefined) return undefined;
  const { bytes, stream } = car;
  return {
    bytes,
    body: () => Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>,
    close: () => void stream.destroy(),
  };
}

async function openBlock(cid: CID, content: ApiParts["content"]): Promise<Open | undefined> {
  // An identity CID holds its block; clients probe gateways with the empty one, bafkqaaa.
  const isInline = cid.multihash.code === IDENTITY_HASH;
  const block = isInline ? cid.multihash.digest.slice() : await content.readBlock(cid);
  return block === undefined ? undefined : { bytes: block.length, body: () => block, close: () => undefined };
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
