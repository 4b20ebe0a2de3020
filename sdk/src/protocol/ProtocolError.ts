import { Worker3Error } from "../errors/Worker3Error.ts";

/**
 * A value that the protocol refuses. Where the contracts refuse the same value, `code` is their custom error in upper
 * snake case (`DOMAIN_HAS_WRONG_LENGTH`, `NODE_SEATED_TWICE`), so that a script need not know who noticed first.
 */
export class ProtocolError extends Worker3Error {}
