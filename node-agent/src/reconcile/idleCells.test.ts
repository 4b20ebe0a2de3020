import assert from "node:assert/strict";
import type { Life } from "../cells/life.ts";
import { idleCells } from "./idleCells.ts";
import type { OwnCell, ProjectState } from "./ProjectState.ts";

const settings = { idleMs: 30_000, lingerMs: 40_000 };

describe("idle cells", () => {
  const cell = (cid: string, life: Life) => ({ cid, life }) as OwnCell;
  const stopped = (served: string[], idleMs: number, ...cells: OwnCell[]) => {
    const route = { served: served.map((cid) => ({ version: 1, cid })) } as unknown as ProjectState["route"];
    const { cells: idle, lingerMs } = idleCells(
      { cells, route, lastActiveMs: 1_000 },
      settings,
      1_000 + idleMs,
    );
    return [idle.map(({ cid }) => cid), lingerMs];
  };

  it("are stopped after their time, which counts as the time that they linger", () => {
    assert.deepEqual(stopped(["a"], 30_000, cell("a", "warm")), [[], 10_000]);
    assert.deepEqual(stopped(["a"], 30_001, cell("a", "warm")), [["a"], 9_999]);
    assert.deepEqual(stopped(["a"], 90_000, cell("a", "warm")), [["a"], 0]);
  });

  it("are both sides of a split, and none that starts, ends or waits for its turn", () => {
    const cells = [
      cell("a", "warm"),
      cell("b", "warm"),
      cell("c", "warm"),
      cell("a", "draining"),
      cell("b", "starting"),
    ];
    assert.deepEqual(stopped(["a", "b"], 31_000, ...cells)[0], ["a", "b"]);
    assert.deepEqual(stopped([], 31_000, ...cells)[0], []);
  });
});
