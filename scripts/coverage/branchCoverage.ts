import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { addBranchProbes, type Outcome, PROBES } from "./addBranchProbes.ts";

/** Below `coverage/`: every outcome of a branch that tests could see, by file. */
export const OUTCOMES_FILE = "branches.json";

const skipped = /^(contracts\/(mocks|interfaces)|scripts)\//;

/**
 * Probes for branches beside those for statements that Hardhat's own `--coverage` adds; the simulated chain reports the
 * hits of both, and Hardhat writes them to `coverage/data`.
 */
export const branchCoverage: HardhatPlugin = {
  id: "worker3-branch-coverage",
  npmPackage: null,
  hookHandlers: {
    solidity: async () => ({
      default: async () => {
        const byFile: Record<string, Outcome[]> = {};
        return {
          async preprocessProjectFileBeforeBuilding(context, sourceName, fsPath, content, solcVersion, next) {
            const instrumented = await next(context, sourceName, fsPath, content, solcVersion);
            const file = relative(context.config.paths.root, fsPath);
            if (!context.globalOptions.coverage || skipped.test(file) || instrumented === content) {
              return instrumented;
            }
            const { source, outcomes } = addBranchProbes({ file, original: content, instrumented });
            byFile[file] = outcomes;
            return source;
          },
          async preprocessSolcInputBeforeBuilding(context, input, next) {
            const prepared = await next(context, input);
            const hitLibrary = Object.keys(prepared.sources).find((name) =>
              name.startsWith("__NomicFoundationCoverage"),
            );
            if (hitLibrary === undefined) return prepared;
            const folder = join(context.config.paths.root, "coverage");
            await mkdir(folder, { recursive: true });
            await writeFile(join(folder, OUTCOMES_FILE), JSON.stringify(byFile));
            const sources = {
              ...prepared.sources,
              [PROBES.fileName]: { content: PROBES.content(hitLibrary) },
            };
            return { ...prepared, sources };
          },
        };
      },
    }),
  },
};
