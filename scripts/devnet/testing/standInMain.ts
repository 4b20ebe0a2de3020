/** A devnet with stand-ins for the agent and the `worker3` command; everything else is as in `main.ts`. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { runDevnet } from "../runDevnet.ts";

const root = join(import.meta.dirname, "../../..");
const standIn = (file: string) => ({
  file: process.execPath,
  args: ["--conditions=source", join(import.meta.dirname, file)],
});

process.env.NODE_COMPILE_CACHE ??= join(root, "cache/node");
enableCompileCache();

process.exit(
  await runDevnet(process.argv.slice(2), {
    root,
    agent: standIn("standInAgent.ts"),
    worker3: standIn("standInWorker3.ts"),
  }),
);
