import { Worker3Error } from "../errors/Worker3Error.ts";

/** `FOREIGN_LOG`, `PENDING_LOG`, `REMOVED_LOG`, `UNREADABLE_LOG`: a log that is no fact of the network. `value` is where it stands. */
export class FactError extends Worker3Error {}
