/**
 * `npm run check:static`: solhint, forge lint and Slither over the contracts. Fails at a finding that has no answer in
 * `docs/static-analysis.md`, at an answer to nothing, and where a tool is missing or does not run.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "./capture.ts";
import { type Finding, parseAnswers, unanswered } from "./findings.ts";
import { forgeLint } from "./forgeLint.ts";
import { slither } from "./slither.ts";
import { solhint } from "./solhint.ts";
import { root } from "./tools.ts";

const TOOLS = { solhint, "forge lint": forgeLint, Slither: slither };

const installed = await capture(process.execPath, [join(import.meta.dirname, "installTools.ts")]);
process.stdout.write(installed.stdout + installed.stderr);

const answers = parseAnswers(await readFile(join(root, "docs/static-analysis.md"), "utf8"));
const problems: string[] = [];
for (const [tool, run] of Object.entries(TOOLS)) {
  try {
    const findings: Finding[] = await run();
    const open = unanswered(
      findings,
      answers.filter((answer) => answer.tool === tool),
    );
    problems.push(...open);
    console.log(
      `${tool}: ${findings.length} findings, ${open.length === 0 ? "all answered" : "some without an answer"}`,
    );
  } catch (error) {
    problems.push(`${tool} did not run: ${error instanceof Error ? error.message : String(error)}`);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
