/** Installs the packages with templates that `test/compatibility/templates` names into `.tools/templates`, unless they are there. */
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { install } from "./install.ts";
import { TEMPLATES } from "./peers.ts";
import { run } from "./run.ts";

const FILES = ["package.json", "package-lock.json"];

await install("templates", async () => {
  const wanted = join(import.meta.dirname, "../../test/compatibility/templates");
  // What npm writes when it is done: a lock of what it installed.
  const there = await readFile(join(TEMPLATES.path, "node_modules/.package-lock.json"), "utf8").catch(
    () => "",
  );
  const same = await Promise.all(
    FILES.map((name) => areEqual(join(wanted, name), join(TEMPLATES.path, name))),
  );
  if (there !== "" && same.every(Boolean)) return "are there";
  await mkdir(TEMPLATES.path, { recursive: true });
  for (const name of FILES) await copyFile(join(wanted, name), join(TEMPLATES.path, name));
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    missing: "npm is missing: it comes with Node, https://nodejs.org",
    timeoutSeconds: 300,
    cwd: TEMPLATES.path,
  });
  return "were installed";
});

async function areEqual(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => readFile(path, "utf8").catch(() => undefined)));
  return a !== undefined && a === b;
}
