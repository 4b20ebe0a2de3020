import { Worker3Error } from "@worker3/sdk";

/**
 * The edge could not start (`value` is its address), a report of it is none (`value` is the field at fault), or a route
 * leads nowhere (`value` is the origin).
 */
export class EdgeError extends Worker3Error {}
