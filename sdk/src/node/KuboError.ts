import { Worker3Error, type Worker3ErrorOptions } from "../errors/Worker3Error.ts";

export type KuboErrorCode =
  /** What is configured is no address of an RPC API. */
  | "KUBO_URL_BAD"
  /** No connection, or one that broke. */
  | "KUBO_UNREACHABLE"
  /** No answer, or no byte of one, for too long. */
  | "KUBO_TIMEOUT"
  /** It answered that it does not, or with something that is no answer of Kubo's. */
  | "KUBO_REFUSED";

/** An IPFS daemon did not do what it was asked for. `value` is its address, without what opens it. */
export class KuboError extends Worker3Error {
  declare readonly code: KuboErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: KuboErrorCode }) {
    super(options);
  }
}
