import assert from "node:assert/strict";
import { aboveGoal, compareFigures, formatFigures, parseFigures } from "./figures.ts";

const row = (what: string, value: number, goal?: number) => ({
  what,
  value,
  unit: "gas",
  ...(goal && { goal }),
});

describe("A snapshot of figures", () => {
  it("reads back what it wrote", () => {
    const rows = [row("deploy, a new project", 200_001), row("pause", 7)];
    const text = formatFigures("gas", rows);
    assert.equal(text, "# gas\n200001  deploy, a new project\n     7  pause\n");
    assert.deepEqual(
      [...parseFigures(text)],
      [
        ["deploy, a new project", 200_001],
        ["pause", 7],
      ],
    );
  });

  it("refuses a file that somebody wrote by hand, with the line", () => {
    assert.throws(() => parseFigures("# gas\n7 pause\n"), /"7 pause" is no figure/);
  });

  it("says of each figure that differs what it was, what it is, and by how much", () => {
    const before = new Map([
      ["same", 5],
      ["dearer", 1_000],
      ["cheaper", 1_000],
      ["gone", 3],
    ]);
    const after = new Map([
      ["same", 5],
      ["dearer", 1_025],
      ["cheaper", 900],
      ["new", 4],
    ]);
    assert.deepEqual(compareFigures(before, after), [
      "dearer   1000 -> 1025  +2.50 %",
      "cheaper  1000 -> 900  -10.00 %",
      "gone     3 -> gone",
      "new      new -> 4",
    ]);
    assert.deepEqual(compareFigures(after, after), []);
  });

  it("names what is above its goal, and not what just meets it", () => {
    const rows = [row("meets it", 100, 100), row("one more", 101, 100), row("has none", 1_000)];
    assert.deepEqual(aboveGoal(rows), ["one more: 101 gas, and at most 100 are allowed"]);
  });
});
