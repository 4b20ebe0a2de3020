/**
 * An agent that starts one cell, says its pid, and lives on: for tests that kill it. Arguments: directory, folder, sandbox,
 * spares; and the record of the control groups that cells get, where they get some.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest } from "@worker3/sdk";
import { cellBindings } from "../../bindings/index.ts";
import { EXTRACTED } from "../../extractedFolder.ts";
import { createLogger } from "../../logging/createLogger.ts";
import { noCgroups } from "../cgroup/noCgroups.ts";
import { openCgroups } from "../cgroup/openCgroups.ts";
import { createCellRunner } from "../createCellRunner.ts";
import { SLOWNESS } from "./slowness.ts";
import { TEST_LIMITS } from "./TestRunner.ts";

const [directory = "", folder = "", sandbox, spares = "0", cgroupRecord] = process.argv.slice(2);
if (sandbox !== "bwrap" && sandbox !== "pdeathsig" && sandbox !== "none") throw new Error("no sandbox");
const logger = createLogger({ level: "silent" });
const cgroups =
  cgroupRecord === undefined ? noCgroups() : await openCgroups({ nodeId: 1, recordPath: cgroupRecord });
const runner = await createCellRunner({
  directory,
  startTimeoutMs: 10_000 * SLOWNESS,
  limits: TEST_LIMITS,
  bindings: cellBindings,
  logger,
  nodeId: 1,
  sandbox,
  cgroups,
  spares: Number(spares),
});
const manifest = parseManifest(await readFile(join(folder, EXTRACTED.manifest)));
const cell = await runner.start({ projectId: 1n, version: 1, cid: "bafy", folder, manifest });
process.stdout.write(`${cell.pid}\n`);
