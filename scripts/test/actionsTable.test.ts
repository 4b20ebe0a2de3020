import assert from "node:assert/strict";
import { actionsTable, sumActions } from "./actionsTable.ts";

describe("actionsTable", () => {
  it("adds up the runs, an action a line", () => {
    const { runs, counts } = sumActions("submit=3/1 draw=0/2 \nsubmit=4/0 draw=1/1 \n");
    assert.equal(runs, 2);
    assert.deepEqual(counts, [
      { action: "submit", succeeded: 7, refused: 1 },
      { action: "draw", succeeded: 1, refused: 3 },
    ]);
    assert.deepEqual(
      actionsTable(counts)
        .split("\n")
        .map((line) => line.split(/ +/)),
      [
        ["action", "succeeded", "refused"],
        ["submit", "7", "1"],
        ["draw", "1", "3"],
        ["all", "8", "4"],
      ],
    );
  });
});
