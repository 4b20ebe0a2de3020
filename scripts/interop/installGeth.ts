/** Builds geth from its sources into `.tools/geth`, unless that version is there. */
import { install } from "./install.ts";
import { installGoProgram } from "./installGoProgram.ts";
import { GETH } from "./peers.ts";

await install(GETH.name, () => installGoProgram(GETH));
