#!/usr/bin/env node
// Runs this command: in a checkout from its sources, elsewhere from what was built of them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const sources = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (major < 22 || (major === 22 && minor < 13)) {
  const message = `worker3 needs Node 22.13 or newer; this is ${process.versions.node}.`;
  const next = existsSync(sources)
    ? "run it by npx, which finds the Node that npm ci installed: npx worker3"
    : "install Node 24: https://nodejs.org";
  if (process.argv.includes("--json")) {
    const value = process.versions.node;
    console.log(JSON.stringify({ error: { code: "NODE_TOO_OLD", message, value, next } }));
  } else {
    console.error(`${message}\n→ ${next}`);
  }
  process.exitCode = 1;
} else if (existsSync(sources)) {
  runSources();
} else {
  nodeModule.enableCompileCache?.();
  await import("../dist/main.js");
}

/** A package export's condition is an argument of Node: only a new process image gets it. */
function runSources() {
  const environment = { ...process.env };
  const cache = nodeModule.enableCompileCache?.().directory;
  if (cache !== undefined) environment.NODE_COMPILE_CACHE ??= cache;
  const quiet = ["--disable-warning=ExperimentalWarning"];
  const args = ["--conditions=source", ...quiet, sources, ...process.argv.slice(2)];
  if (typeof process.execve === "function" && process.platform !== "win32") {
    process.removeAllListeners("warning"); // execve is experimental, and says so
    process.on("warning", () => {});
    process.execve(process.execPath, [process.execPath, ...args], environment);
  }
  const child = spawn(process.execPath, args, { stdio: "inherit", env: environment });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
