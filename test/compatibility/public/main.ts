/**
 * `npm run test:projects -- DIR`: public projects from checkouts in DIR, deployed by the command to a node and compared with
 * what `wrangler dev` serves of them, or refused with the words that the documentation gives.
 */
import { parseArgs } from "node:util";
import { runProjects, type Tried } from "../runProjects.ts";
import { findCheckout } from "./findCheckout.ts";
import type { PublicProject } from "./PublicProject.ts";
import { PUBLIC_PROJECTS } from "./projects.ts";
import { writeTable } from "./table.ts";

const USAGE = `usage: npm run test:projects -- DIR [--only TEXT] [--json]
       npm run test:projects -- --write | --list

DIR/owner+name is a git checkout at the commit of the list, installed and built as its README says.
  --only TEXT  those with TEXT in their name or repository
  --json       one JSON document on stdout instead of lines
  --list       the repositories and commits that are expected in DIR
  --write      writes the table of docs/compatibility.md from the list`;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.write) {
    await writeTable();
    return 0;
  }
  if (values.list) {
    const lines = PUBLIC_PROJECTS.map(({ repository, commit }) => `${repository} ${commit}`);
    console.log([...new Set(lines)].sort().join("\n"));
    return 0;
  }
  const [checkouts] = positionals;
  if (checkouts === undefined || positionals.length > 1) {
    console.error(USAGE);
    return 2;
  }
  const chosen = PUBLIC_PROJECTS.filter(({ name, repository }) =>
    `${name} ${repository}`.includes(values.only),
  );
  if (chosen.length === 0) {
    console.error(`no project has "${values.only}" in its name`);
    return 2;
  }
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));
  const found = await Promise.all(chosen.map((project) => findCheckout(project, checkouts)));
  const all = await runProjects(found, {
    signal: interrupted.signal,
    onTried: (tried) => values.json || console.log(lineOf(tried)),
  });
  const failed = all.filter(({ differences }) => differences.length > 0);
  if (values.json) console.log(JSON.stringify({ ok: failed.length === 0, projects: all.map(documentOf) }));
  else console.log(`\n  ${all.length - failed.length} passing\n  ${failed.length} failing`);
  return failed.length === 0 ? 0 : 1;
}

function lineOf({ project, differences, seconds }: Tried<PublicProject>): string {
  const { name, expected } = project;
  const outcome = expected.outcome === "refused" ? `refused, ${expected.code}` : "served";
  const head = `${differences.length === 0 ? "✓" : "✗"} ${seconds.toFixed(1).padStart(5)} s  ${name}: ${outcome}`;
  return [head, ...differences.map((difference) => `           ${difference}`)].join("\n");
}

function documentOf({ project, differences, seconds }: Tried<PublicProject>): object {
  const { name, repository, commit, folder, expected } = project;
  return {
    name,
    repository,
    commit,
    folder,
    expected: expected.outcome,
    ...(expected.outcome === "refused" && { code: expected.code, words: expected.words }),
    ok: differences.length === 0,
    differences,
    seconds: Number(seconds.toFixed(1)),
  };
}
