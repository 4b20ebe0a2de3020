import { Worker3Error } from "../errors/Worker3Error.ts";

/** Content did not reach the nodes. `value` is the endpoint of a node, or the CID. */
export class UploadError extends Worker3Error {}
