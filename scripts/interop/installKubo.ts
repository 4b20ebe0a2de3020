/** Builds Kubo from its sources into `.tools/ipfs`, unless that version is there. */
import { install } from "./install.ts";
import { installGoProgram } from "./installGoProgram.ts";
import { KUBO } from "./peers.ts";

await install(KUBO.name, () => installGoProgram(KUBO));
