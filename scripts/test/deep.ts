/**
 * `npm run test:deep`: the invariants of `test/contracts/invariants` for a million calls and more, by forge, which is
 * faster at it than Hardhat. It runs the bytecode that Hardhat built. `DEEP_RUNS` and `DEEP_DEPTH` make it shorter.
 */
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { actionsTable, sumActions } from "./actionsTable.ts";
import { forgePath } from "./forgePath.ts";

const root = join(import.meta.dirname, "../..");
const folder = ".deep";
const runs = Number(process.env.DEEP_RUNS ?? 4_000);
const depth = Number(process.env.DEEP_DEPTH ?? 256);

/** forge takes a compiler by path and calls it with `--version` and `--standard-json`. */
const compiler = `#!/bin/sh
exec "${process.execPath}" "${join(import.meta.dirname, "solcjs.ts")}" "$@"
`;

const config = `[profile.default]
src = "test/contracts/invariants"
test = "test/contracts/invariants"
out = "${folder}/out"
cache_path = "${folder}/cache"
libs = ["node_modules"]
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
auto_detect_remappings = false
solc = "${folder}/solc"
evm_version = "osaka"
optimizer = true
optimizer_runs = 100000
fs_permissions = [
  { access = "read", path = "artifacts" },
  { access = "read-write", path = "${folder}" },
]

[profile.default.invariant]
runs = ${runs}
depth = ${depth}
fail_on_revert = true
show_metrics = false
failure_persist_dir = "${folder}/failures"
# What broke stays broken, so it is enough to look every eighth call.
check_interval = 8
# An action takes a seed that it hashes: values seen elsewhere are no better than others.
dictionary_weight = 0
include_storage = false
include_push_bytes = false
`;

const log = join(root, folder, "actions.log");
await mkdir(join(root, folder), { recursive: true });
await writeFile(join(root, folder, "solc"), compiler);
await chmod(join(root, folder, "solc"), 0o755);
await writeFile(join(root, folder, "foundry.toml"), config);
await rm(log, { force: true });

const started = Date.now();
const forge = spawn(forgePath(), ["test", "--root", root, "--match-test", "invariant", "--color", "never"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
  env: {
    ...process.env,
    FOUNDRY_CONFIG: join(root, folder, "foundry.toml"),
    FOUNDRY_OFFLINE: "true",
    WORKER3_ARTIFACTS: "artifacts",
    WORKER3_ACTIONS_LOG: relative(root, log),
  },
});
let output = "";
forge.stdout.setEncoding("utf8");
forge.stdout.on("data", (text: string) => {
  output += text;
  process.stdout.write(text);
});
const code = await new Promise<number>((resolve, reject) => {
  forge.on("error", reject);
  forge.on("close", (status) => resolve(status ?? 1));
});

const summary = /runs: (\d+), calls: (\d+), reverts: (\d+)/.exec(output);
if (code === 0 && summary) {
  const { counts } = sumActions(await readFile(log, "utf8"));
  const idle = counts.filter(({ succeeded }) => succeeded === 0).map(({ action }) => action);
  const [, ranRuns, calls, reverts] = summary;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n${actionsTable(counts)}`);
  console.log(`\n${ranRuns} runs, ${calls} calls, ${reverts} reverts, in ${seconds} s`);
  if (idle.length > 0) console.error(`These actions never succeeded: ${idle.join(", ")}.`);
  process.exitCode = idle.length > 0 ? 1 : 0;
} else {
  console.error(`forge ended with ${code}, and ran ${summary?.[0] ?? "nothing"}.`);
  process.exitCode = 1;
}
