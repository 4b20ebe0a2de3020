/** What every error of worker3 carries. A message says what happened; `value` and `next` make it useful. */
export interface Worker3ErrorOptions {
  /** Stable, upper snake case: what scripts compare. */
  code: string;
  /** What happened, as one sentence without the value. */
  message: string;
  /** The value that was refused, as text. */
  value?: string | undefined;
  /** What to do next: a command, or a sentence. */
  next?: string | undefined;
  /** The transaction that was mined all the same, where there is one. */
  txHash?: `0x${string}` | undefined;
  cause?: unknown;
}

/** An error as a document, which scripts rely on: what the command prints under `error`. */
export interface ErrorDocument {
  code: string;
  message: string;
  value?: string;
  next?: string;
  txHash?: `0x${string}`;
}

/** The base of all errors that worker3 throws on purpose. Whatever else is thrown is a bug. */
export class Worker3Error extends Error {
  readonly code: string;
  readonly value: string | undefined;
  readonly next: string | undefined;
  readonly txHash: `0x${string}` | undefined;

  constructor(options: Worker3ErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.value = options.value;
    this.next = options.next;
    this.txHash = options.txHash;
  }

  /** The error as JSON; absent fields are left out. */
  toJSON(): ErrorDocument {
    return {
      code: this.code,
      message: this.message,
      ...(this.value === undefined ? {} : { value: this.value }),
      ...(this.next === undefined ? {} : { next: this.next }),
      ...(this.txHash === undefined ? {} : { txHash: this.txHash }),
    };
  }
}
