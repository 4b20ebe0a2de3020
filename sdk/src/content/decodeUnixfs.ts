import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";
import { RAW_CODE } from "./cidBytes.ts";
import { detachCid } from "./detachCid.ts";
import { DagError } from "./errors.ts";

/** A file, or a part of one: its own bytes come before those of its links. */
export interface FilePart {
  kind: "file";
  data: Uint8Array;
  /** Each part's CID, and the bytes of content that the node says it has. */
  parts: { cid: CID; bytes: bigint }[];
}

/** A directory, or a shard of a large one. In a shard a link without a name leads to a shard of the same directory. */
export interface DirectoryPart {
  kind: "directory" | "shard";
  links: { name: string; cid: CID }[];
}

export type UnixfsNode = FilePart | DirectoryPart;

/** Slots of a HAMT shard; a link's name begins with its slot, two digits in upper case hexadecimal. */
const HAMT_FANOUT = 256n;

/**
 * Reads a verified block as UnixFS: raw, file, directory or HAMT shard.
 *
 * @throws {DagError} `DAG_SYMLINK`, `DAG_BAD_NODE`; `value` is the CID. Names are not checked here.
 */
export function decodeUnixfs(cid: CID, bytes: Uint8Array): UnixfsNode {
  if (cid.code === RAW_CODE) return { kind: "file", data: bytes, parts: [] };
  const { unixfs, links } = decode(cid, bytes);
  switch (unixfs.type) {
    case "file":
    case "raw":
      if (links.length !== unixfs.blockSizes.length)
        throw badNode(cid, "does not give a size for each of its parts");
      return {
        kind: "file",
        data: unixfs.data ?? new Uint8Array(0),
        parts: links.map((link, index) => ({
          cid: detachCid(link.Hash),
          bytes: unixfs.blockSizes[index] ?? 0n,
        })),
      };
    case "directory":
      return {
        kind: "directory",
        links: links.map((link) => ({ name: link.Name ?? "", cid: detachCid(link.Hash) })),
      };
    case "hamt-sharded-directory":
      if (unixfs.fanout !== HAMT_FANOUT) throw badNode(cid, "is a HAMT with a fanout other than 256");
      return {
        kind: "shard",
        links: links.map((link) => ({ name: withoutSlot(cid, link.Name), cid: detachCid(link.Hash) })),
      };
    case "symlink":
      throw new DagError({
        code: "DAG_SYMLINK",
        message: "the folder has a symbolic link, which no deployment may have",
        value: cid.toString(),
        next: "replace the link by a copy of what it points to and pack again",
      });
    default:
      throw badNode(cid, `has UnixFS type ${unixfs.type}`);
  }
}

/** The error of a block that is no part of a folder. */
export function badNode(cid: CID, what: string, cause?: unknown): DagError {
  const next = "pack the folder with worker3 pack";
  return new DagError({
    code: "DAG_BAD_NODE",
    message: `a block ${what}`,
    value: cid.toString(),
    next,
    cause,
  });
}

function decode(cid: CID, bytes: Uint8Array): { unixfs: UnixFS; links: dagPb.PBLink[] } {
  try {
    const node = dagPb.decode(bytes);
    if (node.Data === undefined) throw new TypeError("there is no UnixFS data");
    return { unixfs: UnixFS.unmarshal(node.Data), links: node.Links };
  } catch (cause) {
    throw badNode(cid, "is not UnixFS", cause);
  }
}

function withoutSlot(cid: CID, name: string | undefined): string {
  if (name === undefined || !/^[0-9A-F]{2}/.test(name))
    throw badNode(cid, "is a HAMT with a link outside its slots");
  return name.slice(2);
}
