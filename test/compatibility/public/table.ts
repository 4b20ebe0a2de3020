import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../Project.ts";
import { TEMPLATES } from "../templates/templates.ts";
import type { PublicProject } from "./PublicProject.ts";
import { PUBLIC_PROJECTS } from "./projects.ts";

const PAGE = join(import.meta.dirname, "../../../docs/compatibility.md");

/** The tables of the page, by the names that stand in its comments: `<!-- public:begin -->`. */
const TABLES: Readonly<Record<string, () => string>> = {
  public: () => tableOf(["project", "commit", "uses", "outcome"], PUBLIC_PROJECTS.map(publicRow)),
  templates: () =>
    tableOf(
      ["made by", "uses", "outcome"],
      TEMPLATES.map(({ source, uses, expected }) => [source, uses, outcomeOf(expected)]),
    ),
};

/** The page with its tables as the lists have them. */
export async function readPage(): Promise<{ readonly text: string; readonly wanted: string }> {
  const text = await readFile(PAGE, "utf8");
  let wanted = text;
  for (const [name, table] of Object.entries(TABLES)) wanted = replaceTable(wanted, name, table());
  return { text, wanted };
}

/** Writes the tables into the page. */
export async function writeTable(): Promise<void> {
  await writeFile(PAGE, (await readPage()).wanted);
}

function replaceTable(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->\n`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the table "${name}"`);
  return `${page.slice(0, from + begin.length)}\n${table}\n\n${page.slice(to)}`;
}

function publicRow({ repository, commit, folder, uses, configuration, expected }: PublicProject): string[] {
  const path = folder === "." ? "" : `/${folder}`;
  const shown = `[${repository}](https://github.com/${repository}/tree/${commit})${path === "" ? "" : ` \`${path}\``}`;
  const written =
    configuration === undefined ? "" : "; with the `wrangler.jsonc` that `deploy` says to write";
  return [shown, `\`${commit.slice(0, 10)}\``, uses + written, outcomeOf(expected)];
}

function outcomeOf(expected: Project["expected"]): string {
  if (expected.outcome === "refused") return `refused, \`${expected.code}\`: “${expected.words}”`;
  const { length } = expected.asks;
  return `served; ${length} ${length === 1 ? "answer" : "answers"} equal`;
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
