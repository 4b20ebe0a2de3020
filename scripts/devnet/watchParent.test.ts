import assert from "node:assert/strict";
import type { ProcessInfo } from "./readProcess.ts";
import { startersOf } from "./watchParent.ts";

/** Processes from a table: each is the parent of the next, whose pid is 10 higher. */
function tree(...commands: string[][]): (pid: number) => ProcessInfo | undefined {
  const all = commands.map((command, i): ProcessInfo => {
    const pid = i === 0 ? 1 : i * 10;
    return { pid, parentPid: i < 2 ? i : pid - 10, group: pid, session: pid, startTime: "0", command };
  });
  return (pid) => all.find((each) => each.pid === pid);
}

describe("the starters of a process", () => {
  const rows: [what: string, commands: string[][], pids: number[]][] = [
    ["a shell that was started by hand", [["init"], ["sshd"], ["-bash"]], [20]],
    ["npm, and who runs it", [["init"], ["-bash"], ["npm run devnet"], ["sh", "-c", "node x"]], [30, 20, 10]],
    [
      "npx inside npm inside a test",
      [
        ["init"],
        ["make", "test"],
        ["/bin/sh", "-c", "npm run x"],
        ["node", "/usr/bin/npm-cli.js", "run"],
        ["bash", "-lc", "npx y"],
        ["npm exec y"],
      ],
      [50, 40, 30, 20, 10],
    ],
    ["a script of a shell, which does more than start one thing", [["init"], ["bash", "ci.sh"]], [10]],
    ["not the process that adopts orphans", [["init"], ["npm run devnet"]], [10]],
    ["nobody, for an orphan", [["init"]], []],
  ];
  for (const [what, commands, pids] of rows) {
    it(`are ${what}`, () => {
      const last = commands.length === 1 ? 1 : (commands.length - 1) * 10;
      assert.deepEqual(
        startersOf(last, tree(...commands)).map(({ pid }) => pid),
        pids,
      );
    });
  }
});
