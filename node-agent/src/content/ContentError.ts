import { Worker3Error, type Worker3ErrorOptions } from "@worker3/sdk";

export type ContentErrorCode =
  /** No room on the node's disk. `value` is the path. */
  | "DISK_FULL"
  /** A file of the store cannot be written or read. `value` is the path. */
  | "DISK_UNUSABLE"
  /** What the operator gives to a project, or to all of them, is used up. `value` is the project's id. */
  | "NO_ROOM"
  /** No source gave the content. `value` is the CID. */
  | "CONTENT_UNAVAILABLE";

/** A deployment folder cannot be had or kept. */
export class ContentError extends Worker3Error {
  declare readonly code: ContentErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: ContentErrorCode }) {
    super(options);
  }
}
