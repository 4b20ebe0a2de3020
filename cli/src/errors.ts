import { Worker3Error, type Worker3ErrorOptions } from "@worker3/sdk";

/** The command could not do what it was told. Exit code 1. */
export class CliError extends Worker3Error {}

/** The command line lacks something or cannot be meant like that. Exit code 2. */
export class UsageError extends CliError {
  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code?: string }) {
    super({ code: "USAGE", ...options });
  }
}
