import assert from "node:assert/strict";
import { membersOf } from "./leftoverGroups.ts";

describe("the members of a group that an earlier agent left", () => {
  it("are never 0, which would be the agent's own process group", () => {
    assert.deepEqual(membersOf("0\n4711\n0\n12\n"), [4711, 12]);
    assert.deepEqual(membersOf(""), []);
  });
});
