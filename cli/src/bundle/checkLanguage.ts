import { BundleError } from "./BundleError.ts";
import type { WranglerConfig } from "./readConfig.ts";

const PYTHON_FLAG = "python_workers";

/**
 * Makes sure that a worker is written in what nodes run: JavaScript, with WebAssembly beside it. Python workers fetch their
 * runtime from Cloudflare.
 *
 * @throws {BundleError} `UNSUPPORTED_LANGUAGE`.
 */
export function checkLanguage(config: Pick<WranglerConfig, "main" | "compatibility_flags">): void {
  const { main, compatibility_flags: flags = [] } = config;
  if (!main?.endsWith(".py") && !flags.includes(PYTHON_FLAG)) return;
  throw new BundleError({
    code: "UNSUPPORTED_LANGUAGE",
    message: "Nodes run no workers in Python.",
    value: main ?? PYTHON_FLAG,
    next: "write the worker in JavaScript or TypeScript",
  });
}
