import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Fault, hold } from "./Fault.ts";

const run = promisify(execFile);

function jump(offset: string): Fault {
  return {
    name: `the clock of node 1 jumps by ${offset}`,
    async run(world, holdMs) {
      await world.setClock(1, offset);
      await hold(holdMs);
      await world.setClock(1, "+0");
    },
  };
}

export const machineFaults: readonly Fault[] = [
  jump("+400d"),
  jump("-2h"),
  { name: "the agent of node 1 is killed", run: (world) => world.killAgent(1) },
  { name: "the agent of node 2 is killed", run: (world) => world.killAgent(2) },
  { name: "the edge of node 2 is killed", run: (world) => world.killEdge(2) },
  {
    name: "the disk of node 2 is full",
    async run(world, holdMs) {
      const filler = join(world.node(2).stateDirectory, "filler");
      // It ends with an error: there is no room for another byte then.
      await run("dd", ["if=/dev/zero", `of=${filler}`, "bs=4096"]).catch(() => undefined);
      await hold(holdMs);
      await rm(filler);
    },
  },
];
