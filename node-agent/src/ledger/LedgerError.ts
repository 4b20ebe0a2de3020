import { Worker3Error } from "@worker3/sdk";

/** The agent's database cannot be opened or written. `value` is its path. */
export class LedgerError extends Worker3Error {}
