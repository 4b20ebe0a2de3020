import { readFile } from "node:fs/promises";
import { COMMANDS } from "./registry.ts";
import { runCommandLine } from "./runCommandLine.ts";
import { visibleText } from "./text/visibleText.ts";

const stop = new AbortController();
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // The second one is from somebody who does not want to wait.
    if (stop.signal.aborted) process.exit(128 + SIGNAL_NUMBERS[name]);
    stop.abort(new DOMException(`stopped by ${name}`, "AbortError"));
  });
}
// `worker3 ... | head` closes the pipe: there is nobody left to tell, and what still runs has nobody to run for. What is
// said on the way is for whoever listens: a deployment goes on without.
let unwritten: NodeJS.ErrnoException | undefined;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  unwritten ??= error;
  stop.abort(new DOMException("stopped, as nobody takes its output", "AbortError"));
});
process.stderr.on("error", () => undefined);
// Nothing is left that it could wait for: a terminal that went away while it was asked.
process.once("beforeExit", () => stop.abort(new DOMException("stopped for want of an answer", "AbortError")));

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
process.stdout.write("", () => {
  const isLost = unwritten !== undefined && unwritten.code !== "EPIPE";
  if (isLost)
    process.stderr.write(
      `The output could not be written: ${visibleText(unwritten?.message ?? "")} [OUTPUT_LOST]\n`,
    );
  process.exit(isLost ? 1 : exitCode);
});
