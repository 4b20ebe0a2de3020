import { Worker3Error } from "../errors/Worker3Error.ts";

/** A node did not answer, or not as a node does. `value` is its endpoint or URL. */
export class NodeError extends Worker3Error {}
