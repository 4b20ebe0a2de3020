import { Worker3Error } from "@worker3/sdk";

/** The edge could not start (`value` is its address), or a report of it is none (`value` is the field at fault). */
export class EdgeError extends Worker3Error {}
