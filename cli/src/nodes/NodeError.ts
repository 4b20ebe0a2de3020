import { CliError } from "../errors.ts";

/** A node did not answer, or not as a node does. `value` is its endpoint or URL. */
export class NodeError extends CliError {}
