import { CliError } from "../errors.ts";

/** A project cannot become a deployment folder. `value` is the path, the field or the flag at fault. */
export class BundleError extends CliError {}
