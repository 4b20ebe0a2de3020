import { Worker3Error } from "@worker3/sdk";

/** The edge could not start. `value` is the address it should listen on. */
export class EdgeError extends Worker3Error {}
