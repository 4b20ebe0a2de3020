import { readFile } from "node:fs/promises";
import { COMMANDS } from "./registry.ts";
import { runCommandLine } from "./runCommandLine.ts";

const stop = new AbortController();
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // The second one is from somebody who does not want to wait.
    if (stop.signal.aborted) process.exit(128 + SIGNAL_NUMBERS[name]);
    stop.abort(new DOMException(`stopped by ${name}`, "AbortError"));
  });
}
// `worker3 ... | head` closes the pipe: there is nobody left to tell.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));

const manifest: unknown = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const version =
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
const exitCode = await runCommandLine({
  args: process.argv.slice(2),
  commands: COMMANDS,
  version,
  environment: process.env,
  directory: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  prompts: async () => (await import("./context/prompts.ts")).terminalPrompts(),
  signal: stop.signal,
});
// Connections that are kept alive would hold the process.
process.stdout.write("", () => process.exit(exitCode));
