import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pidOf } from "../../../node-agent/src/testing/pidOf.ts";
import { TEMPLATES } from "../../../scripts/interop/peers.ts";
import type { Made } from "./Template.ts";

const root = join(import.meta.dirname, "../../..");
const installed = join(TEMPLATES.path, "node_modules");
/** Where packages are that projects are built with. */
const PACKAGES = [installed, join(root, "test/projects/sveltekit/node_modules"), join(root, "node_modules")];
/** Generators write the day of the run, which is newer than the runtime of a pinned wrangler sooner or later. */
const COMPATIBILITY_DATE = "2026-11-01";
const TIMEOUT_MS = 120_000;
const KEPT_CHARACTERS = 4_096;

/** Copies a template of `create-cloudflare` and fills it as that does, which itself would ask for an account. */
export function fromCloudflare(path: string): (folder: string) => Promise<Made> {
  return async (folder) => {
    const directory = join(folder, "made");
    await cp(join(installed, "create-cloudflare/templates", path), directory, { recursive: true });
    for (const name of await readdir(directory))
      if (name.startsWith("__dot__"))
        await rename(join(directory, name), join(directory, name.replace("__dot__", ".")));
    const config = join(directory, "wrangler.jsonc");
    const text = await readFile(config, "utf8");
    await writeFile(
      config,
      text.replaceAll("<WORKER_NAME>", "made").replaceAll("<COMPATIBILITY_DATE>", COMPATIBILITY_DATE),
    );
    return { directory };
  };
}

/** Runs `create-vite` and Vite's build, which makes a folder of files. */
export function fromVite(template: string, packages: readonly string[]): (folder: string) => Promise<Made> {
  return async (folder) => {
    await execute(folder, join(installed, "create-vite/index.js"), [
      "made",
      ...["--template", template, "--no-interactive"],
    ]);
    const directory = join(folder, "made");
    await build(directory, packages);
    return { directory: join(directory, "dist") };
  };
}

/** Runs `sv create` for Cloudflare, and the build. */
export function fromSvelte(template: string, packages: readonly string[]): (folder: string) => Promise<Made> {
  return async (folder) => {
    await execute(folder, await binaryOf("sv"), [
      ...["create", "made", "--template", template, "--types", "ts", "--no-install"],
      ...["--add", "sveltekit-adapter=adapter:cloudflare+cfTarget:workers"],
    ]);
    const directory = join(folder, "made");
    const config = join(directory, "wrangler.jsonc");
    const text = await readFile(config, "utf8");
    await writeFile(
      config,
      text.replace(/"compatibility_date": "[^"]*"/, `"compatibility_date": "${COMPATIBILITY_DATE}"`),
    );
    await build(directory, packages);
    return { directory };
  };
}

async function build(directory: string, packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    const from = PACKAGES.find((folder) => existsSync(join(folder, name)));
    if (from === undefined)
      throw new Error(`${name} is not installed: npm run test:interop -- "install templates"`);
    const to = join(directory, "node_modules", name);
    await mkdir(dirname(to), { recursive: true });
    await symlink(join(from, name), to);
  }
  await execute(directory, join(root, "node_modules/vite/bin/vite.js"), ["build"]);
}

async function binaryOf(name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(installed, name, "package.json"), "utf8"));
  return join(installed, name, typeof manifest.bin === "string" ? manifest.bin : manifest.bin[name]);
}

/** Runs a script to its end. What it leaves behind ends too, as SvelteKit's build leaves the runtime that it prerendered with. */
async function execute(cwd: string, script: string, args: readonly string[]): Promise<void> {
  await mkdir(cwd, { recursive: true });
  const env: NodeJS.ProcessEnv = { ...process.env, CI: "1", NODE_OPTIONS: "" };
  delete env.NODE_ENV;
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"], // it asks nobody
    detached: true, // in a group of its own
  });
  const pid = pidOf(child);
  let output = "";
  const take = (chunk: string): void => {
    output = (output + chunk).slice(-KEPT_CHARACTERS);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const timer = setTimeout(() => process.kill(-pid, "SIGKILL"), TIMEOUT_MS);
  const [code, signal] = await once(child, "exit");
  clearTimeout(timer);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left.
  }
  if (code !== 0) throw new Error(`${script} ${args.join(" ")} ended with ${code ?? signal}:\n${output}`);
}
