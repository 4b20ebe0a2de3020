/** Installs forge and Slither into `.tools`, unless these versions are there. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { install } from "../interop/install.ts";
import { run } from "../interop/run.ts";
import { capture } from "./capture.ts";
import { FORGE, SLITHER } from "./tools.ts";

await install("forge", async () => {
  if ((await versionOf(FORGE.path)).includes(FORGE.version)) return `${FORGE.version} is there`;
  await mkdir(FORGE.folder, { recursive: true });
  const args = ["install", "--prefix", FORGE.folder, "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", [...args, `${FORGE.package}@${FORGE.version}`], {
    missing: "npm is missing",
    timeoutSeconds: 300,
  });
  return checked(await versionOf(FORGE.path), FORGE.version);
});

await install("Slither", async () => {
  if ((await versionOf(SLITHER.path)).includes(SLITHER.version)) return `${SLITHER.version} is there`;
  const missing = "Python is missing: install Python 3.10 or newer with its venv module";
  await run("python3", ["-m", "venv", SLITHER.folder], { missing, timeoutSeconds: 120 });
  const pip = join(SLITHER.folder, "bin/pip");
  const args = ["install", "--quiet", "--disable-pip-version-check", "--requirement", SLITHER.requirements];
  await run(pip, args, { missing: `${pip} is missing: delete ${SLITHER.folder}`, timeoutSeconds: 600 });
  return checked(await versionOf(SLITHER.path), SLITHER.version);
});

/** What a program says of its version; empty where there is none that runs. */
async function versionOf(path: string): Promise<string> {
  return capture(path, ["--version"]).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

function checked(said: string, version: string): string {
  if (!said.includes(version))
    throw new Error(`What was installed calls itself "${said.trim()}", not ${version}.`);
  return `${version} was installed`;
}
