import { Worker3Error } from "../errors/Worker3Error.ts";

/** What was asked for is not on the chain, or the chain and the DNS do not lead to it. `value` is what was asked for. */
export class QueryError extends Worker3Error {}
