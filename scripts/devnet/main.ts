/** `npm run devnet -- [options]`: a chain, the contracts, nodes and a sample project on this machine, until it is stopped. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { runDevnet } from "./runDevnet.ts";

const root = join(import.meta.dirname, "../..");
const source = (path: string) => ({
  file: process.execPath,
  args: ["--conditions=source", join(root, path)],
});

// What is compiled once is kept for the next start, of the agents too: that saves each of them 0.7 s.
process.env.NODE_COMPILE_CACHE ??= join(root, "cache/node");
enableCompileCache();

process.exit(
  await runDevnet(process.argv.slice(2), {
    root,
    agent: source("node-agent/src/main.ts"),
    worker3: source("cli/bin/worker3.js"),
  }),
);
