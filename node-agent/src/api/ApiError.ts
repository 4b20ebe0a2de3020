import { Worker3Error, type Worker3ErrorOptions } from "@worker3/sdk";

export type ApiErrorCode =
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  /** A part of the path, the query or a header cannot be read. */
  | "BAD_REQUEST"
  /** A CAR or a block that this node does not have. */
  | "CONTENT_MISSING"
  /** A project that this node does not serve, or that does not exist. */
  | "SYNCING"
  | "UNKNOWN_PROJECT"
  | "STATEMENT_MISSING"
  /** Neither `format` nor `Accept` says what to answer with. */
  | "FORMAT_MISSING"
  /** The format cannot be had here. */
  | "NOT_ACCEPTABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "REQUEST_SIGNATURE_WRONG"
  /** No version on chain names the CID, and there is no intent. */
  | "INTENT_MISSING"
  /** The intent is for another CID. */
  | "INTENT_OTHER_CID"
  /** The node's operator does not serve it. */
  | "DENIED"
  | "UPLOAD_TOO_LARGE"
  | "NO_SEAT"
  | "UPLOAD_IN_PROGRESS"
  | "TOO_MANY_UPLOADS"
  /** The connection ended before the CAR did. */
  | "UPLOAD_ABORTED"
  | "TOO_MANY_DOWNLOADS"
  /** Others are served first. */
  | "NODE_BUSY"
  /** A bug; `value` is the id under which it is logged. */
  | "INTERNAL";

/** A request to the node's own host name that is refused. */
export class ApiError extends Worker3Error {
  declare readonly code: ApiErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: ApiErrorCode }) {
    super(options);
  }
}
