import { Worker3Error } from "../../sdk/src/errors/Worker3Error.ts";

/** The devnet cannot start, or lost what it cannot run without. */
export class DevnetError extends Worker3Error {}
