import assert from "node:assert/strict";
import { versionBefore } from "./versions.ts";

describe("the version before", () => {
  const cases: [name: string, activated: number[], before: number | undefined][] = [
    ["of the newest is the one below", [1, 2, 3], 2],
    ["after going back is one further back, not the one that was gone back from", [1, 2, 3, 2], 1],
    ["ends where the first one is served", [1, 2, 3, 2, 1], undefined],
    ["of a new one after going back is what was gone back to", [1, 2, 3, 2, 4], 2],
    ["of one that was left out is what was served when it came", [1, 3, 2], 3],
    ["after a jump back is what was before then", [1, 2, 3, 4, 2], 1],
    ["after going forward again is what was served in between", [1, 2, 3, 1, 3], 1],
    ["does not count that the same comes twice", [1, 2, 2], 1],
    ["is none of a project without versions", [], undefined],
  ];
  for (const [name, activated, before] of cases) {
    it(`${name}: ${activated.join(", ")}`, () => assert.equal(versionBefore(activated), before));
  }
});
