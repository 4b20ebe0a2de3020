import { Worker3Error } from "@worker3/sdk";

/** A transaction of the operator cannot be sent now. It stays in the outbox and is tried again. */
export class OutboxError extends Worker3Error {}
