import { Worker3Error } from "../errors/Worker3Error.ts";

/** A folder on disk that cannot be packed, or a file that cannot be written. `value` is the path on disk. */
export class DiskError extends Worker3Error {}
