import { join } from "node:path";
import { capture } from "./capture.ts";
import type { Finding } from "./findings.ts";
import { FORGE } from "./tools.ts";

const SEVERITIES = ["high", "med", "low", "info", "gas", "code-size"];

interface Diagnostic {
  readonly $message_type: string;
  readonly message: string;
  readonly level: string;
  readonly code: { readonly code: string } | null;
  readonly spans: readonly {
    readonly file_name: string;
    readonly line_start: number;
    readonly text: readonly { readonly text: string }[];
  }[];
}

/** What `forge lint` finds in the contracts, those for tests left out. */
export async function forgeLint(): Promise<Finding[]> {
  const severities = SEVERITIES.flatMap((severity) => ["--severity", severity]);
  const { code, stderr } = await capture(FORGE.path, ["lint", "--json", ...severities, "--", "contracts"], {
    FOUNDRY_SOLC: join(import.meta.dirname, "solc.ts"),
    FOUNDRY_SRC: "contracts",
    FOUNDRY_LIBS: '["node_modules"]',
    FOUNDRY_OUT: join(FORGE.folder, "out"),
    FOUNDRY_CACHE_PATH: join(FORGE.folder, "cache"),
  });
  const findings: Finding[] = [];
  for (const line of stderr.split("\n").filter((text) => text.trim() !== "")) {
    if (!line.startsWith("{")) throw new Error(`forge lint failed:\n${stderr}`);
    const diagnostic = JSON.parse(line) as Diagnostic;
    const [span] = diagnostic.spans;
    if (diagnostic.code === null || span === undefined)
      throw new Error(`forge lint failed: ${diagnostic.message}`);
    if (span.file_name.startsWith("contracts/mocks/")) continue;
    findings.push({
      tool: "forge lint",
      check: diagnostic.code.code,
      file: span.file_name,
      place: `${span.line_start}: ${span.text[0]?.text.trim()}`,
    });
  }
  if (code !== 0 && findings.length === 0)
    throw new Error(`forge lint failed with exit code ${code}:\n${stderr}`);
  return findings;
}
