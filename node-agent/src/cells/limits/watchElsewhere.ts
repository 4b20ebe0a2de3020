import { signalProcess } from "../../process/processIdentity.ts";
import { startCpuClock } from "../process/cpuClock.ts";
import { ping } from "../process/ping.ts";
import type { CellElsewhere } from "./CellElsewhere.ts";
import { EndMark } from "./EndMark.ts";
import type { WatchedCell } from "./startWatchdog.ts";

/** A cell of another thread, to be held to its limits from this one. */
export function watchElsewhere(cell: CellElsewhere, isGone: () => boolean): WatchedCell {
  const { id, spec, limits, identity, socketPath, controlPath } = cell;
  const mark = new EndMark(cell.mark);
  const cpuMs = startCpuClock(identity);
  return {
    id,
    spec,
    limits,
    socketPath,
    pid: identity.pid,
    state: () => (isGone() ? "gone" : "warm"),
    ping: (options) => ping(controlPath, options),
    async kill(limit) {
      if (isGone()) return;
      mark.note(limit, cpuMs());
      signalProcess(identity, "SIGKILL");
    },
  };
}
