import { CliError } from "../errors.ts";

/** Content did not reach the nodes. `value` is the endpoint of a node, or the CID. */
export class UploadError extends CliError {}
