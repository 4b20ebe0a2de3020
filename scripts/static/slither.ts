import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "./capture.ts";
import type { Finding } from "./findings.ts";
import { SLITHER } from "./tools.ts";
import { writeBuildInfo } from "./writeBuildInfo.ts";

/** Libraries of others. */
const LEFT_OUT = "@openzeppelin|node_modules";

interface Report {
  readonly success: boolean;
  readonly error: string | null;
  readonly results: {
    readonly detectors?: readonly {
      readonly check: string;
      readonly description: string;
      readonly elements: readonly { readonly source_mapping: { readonly filename_relative: string } }[];
    }[];
  };
}

/** What Slither finds in the contracts themselves, those for tests left out. */
export async function slither(): Promise<Finding[]> {
  const file = join(SLITHER.folder, "report.json");
  await rm(file, { force: true });
  const artifacts = await writeBuildInfo(join(SLITHER.folder, "artifacts"));
  const hardhat = ["--compile-force-framework", "hardhat", "--ignore-compile"];
  const args = [".", ...hardhat, "--hardhat-artifacts-directory", artifacts];
  args.push("--filter-paths", LEFT_OUT, "--fail-none", "--json", file);
  const { stderr } = await capture(SLITHER.path, args);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) throw new Error(`Slither wrote no report:\n${stderr}`);
  const report = JSON.parse(text) as Report;
  if (!report.success) throw new Error(`Slither failed: ${report.error}\n${stderr}`);

  return (report.results.detectors ?? []).map(({ check, description, elements }) => ({
    tool: "Slither",
    check,
    file: elements[0]?.source_mapping.filename_relative ?? "unknown",
    place: description.split("\n")[0] ?? "",
  }));
}
