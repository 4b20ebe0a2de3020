import { capture } from "./capture.ts";
import type { Finding } from "./findings.ts";

/** A report of solhint, or the counts that it adds to them. */
interface Entry {
  readonly filePath?: string;
  readonly line?: number;
  readonly ruleId?: string;
  readonly message?: string;
}

/** What solhint finds in all contracts, by the rules of `.solhint.json`. */
export async function solhint(): Promise<Finding[]> {
  const { stdout, stderr } = await capture("solhint", [
    "--noPoster",
    "--formatter",
    "json",
    "contracts/**/*.sol",
  ]);
  if (stdout.trim() === "") {
    if (stderr.trim() !== "") throw new Error(`solhint failed: ${stderr}`);
    return [];
  }
  return (JSON.parse(stdout) as Entry[]).flatMap(({ filePath, line, ruleId, message }) =>
    filePath === undefined
      ? []
      : [{ tool: "solhint", check: ruleId ?? "unknown", file: filePath, place: `${line}: ${message}` }],
  );
}
