import { Worker3Error } from "../errors/Worker3Error.ts";

/** Bytes or numbers that are no receipt, no line or no usage statement. `value` is what was found. */
export class ReceiptError extends Worker3Error {}
