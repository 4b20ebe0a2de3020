import { Worker3Error } from "../errors/Worker3Error.ts";

/** `NETWORK_INVALID`: what was given is no network file. `value` is the field at fault. */
export class NetworkError extends Worker3Error {}
