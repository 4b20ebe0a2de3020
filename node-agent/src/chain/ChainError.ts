import { Worker3Error } from "@worker3/sdk";

/** What an RPC says of the chain cannot be. Nothing is taken from it; what is served stays served. */
export class ChainError extends Worker3Error {}
