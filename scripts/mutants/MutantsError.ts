import { Worker3Error } from "../../sdk/src/errors/Worker3Error.ts";

/** The mutants cannot be run, or one of them is not what it says. */
export class MutantsError extends Worker3Error {}
