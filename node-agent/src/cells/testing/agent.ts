/** An agent that starts one cell, says its pid, and lives on: for tests that kill it. Arguments: directory, folder, sandbox, spares. */
import { readFile } from "node:fs/promises";
import { parseManifest } from "@worker3/sdk";
import { cellBindings } from "../../bindings/index.ts";
import { createLogger } from "../../logging/createLogger.ts";
import { createCellRunner } from "../createCellRunner.ts";
import { TEST_LIMITS } from "./TestRunner.ts";

const [directory = "", folder = "", sandbox, spares = "0"] = process.argv.slice(2);
if (sandbox !== "bwrap" && sandbox !== "pdeathsig" && sandbox !== "none") throw new Error("no sandbox");
const logger = createLogger({ level: "silent" });
const runner = await createCellRunner({
  ...{ directory, startTimeoutMs: 10_000, limits: TEST_LIMITS, logger, nodeId: 1, sandbox },
  bindings: cellBindings,
  spares: Number(spares),
});
const manifest = parseManifest(await readFile(`${folder}/worker3.json`));
const cell = await runner.start({ projectId: 1n, version: 1, cid: "bafy", folder, manifest });
process.stdout.write(`${cell.pid}\n`);
