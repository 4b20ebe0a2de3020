import { Worker3Error, type Worker3ErrorOptions } from "@worker3/sdk";

export type SourceErrorCode =
  /** No connection, or one that broke. */
  | "SOURCE_UNREACHABLE"
  /** Nothing came for too long, or all of it took too long. */
  | "SOURCE_TIMEOUT"
  /** It answered with something that is no CAR. */
  | "SOURCE_REFUSED"
  /** The endpoint did not show that it belongs to the node that names it. */
  | "SOURCE_UNPROVEN";

/** One source does not give the content. `value` is the source's name. */
export class SourceError extends Worker3Error {
  declare readonly code: SourceErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: SourceErrorCode }) {
    super(options);
  }
}
