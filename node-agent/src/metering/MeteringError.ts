import { Worker3Error } from "@worker3/sdk";

/** A report of an edge process is none. `value` is its field at fault. */
export class MeteringError extends Worker3Error {}
