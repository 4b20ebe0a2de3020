import { Worker3Error } from "@worker3/sdk";
import { findNetwork } from "../../cli/src/context/findNetwork.ts";
import { checkDeployment } from "./checkDeployment.ts";
import { findParameters } from "./findParameters.ts";
import { isUsageError } from "./isUsageError.ts";
import { CHECK_USAGE, parseCheckOptions } from "./parseCheckOptions.ts";
import { readBuild } from "./readBuild.ts";
import { rowsTable } from "./rowsTable.ts";

export interface RunOptions {
  /** Of the repository. */
  readonly root: string;
  /** Where relative paths start. */
  readonly directory: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Runs `npm run check:deployment` and gives its exit code. */
export async function runCheck(
  args: readonly string[],
  { root, directory, stdout, stderr }: RunOptions,
): Promise<number> {
  const json = args.includes("--json");
  try {
    const options = parseCheckOptions(args);
    if (options.help) {
      stdout(CHECK_USAGE);
      return 0;
    }
    const { network } = await findNetwork(options.network, directory);
    const { network: name, parameters: given } = options;
    const parameters = await findParameters({ root, directory, given, network: name });
    const { block, rows } = await checkDeployment({ network, parameters, build: await readBuild(root) });
    const ok = rows.every((row) => row.ok);
    if (json) stdout(`${JSON.stringify({ ok, chainId: network.chainId, block: Number(block), rows })}\n`);
    else stdout(`${rowsTable(rows)}chain ${network.chainId}, block ${block}\n`);
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
    const { message, value, next } = error;
    if (json) stdout(`${JSON.stringify({ ok: false, error })}\n`);
    else stderr(`${[`error: ${message}`, value, next].filter((line) => line !== undefined).join("\n  ")}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}
