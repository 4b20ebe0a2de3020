import { Worker3Error, type Worker3ErrorOptions } from "../errors/Worker3Error.ts";

/** A path of a folder that worker3 does not carry. `value` is the path. */
export class PathError extends Worker3Error {}

/** The part of a CID's text that is wrong. */
export type CidPart = "text" | "version" | "base" | "case" | "length" | "bits" | "codec" | "hash" | "digest";

/** A CID (or its digest) that no deployment can have. `value` is the text that was given. */
export class CidError extends Worker3Error {
  readonly part: CidPart;

  constructor(part: CidPart, options: Omit<Worker3ErrorOptions, "code">) {
    super({ code: "CID_BAD", ...options });
    this.part = part;
  }
}

export type CarErrorCode =
  | "CAR_TRUNCATED"
  | "CAR_BAD_HEADER"
  | "CAR_BAD_SECTION"
  | "CAR_WRONG_BLOCK"
  | "CAR_WRONG_HASH"
  | "CAR_BAD_NODE"
  | "CAR_TRAILING"
  | "CAR_LIMIT";

export interface CarErrorOptions extends Omit<Worker3ErrorOptions, "code"> {
  code: CarErrorCode;
  /** The block's place in the CAR, from 0; absent when the fault is not in a block. */
  block?: number | undefined;
  /** Bytes of the CAR that had been received when the fault was found. */
  received: number;
  /** What should have been there. */
  expected?: string | undefined;
}

/** A CAR that is not exactly the DAG that was asked for. `value` is what was found instead. */
export class CarError extends Worker3Error {
  readonly block: number | undefined;
  readonly received: number;
  readonly expected: string | undefined;

  constructor(options: CarErrorOptions) {
    super(options);
    this.block = options.block;
    this.received = options.received;
    this.expected = options.expected;
  }
}

export type DagErrorCode =
  | "DAG_BAD_NODE"
  | "DAG_BAD_CID"
  | "DAG_MISSING_BLOCK"
  | "DAG_SYMLINK"
  | "DAG_NOT_A_FOLDER"
  | "DAG_NOT_A_FILE"
  | "DAG_LIMIT";

/** A DAG that is no folder which worker3 serves. `value` is the CID, the path or the number at fault. */
export class DagError extends Worker3Error {
  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: DagErrorCode }) {
    super(options);
  }
}
