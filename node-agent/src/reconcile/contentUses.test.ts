import assert from "node:assert/strict";
import type { ChainProject } from "../chain/view/chainProject.ts";
import { contentUses } from "./contentUses.ts";

const project: ChainProject = {
  projectId: 7n,
  owner: "0x0000000000000000000000000000000000000001",
  versions: ["a", "b", "a", "c", "d"].map((cid, i) => ({ version: i + 1, cid })),
  active: 2,
  activated: [1, 4, 2],
  split: { version: 4, bps: 10 },
  domains: [],
  terms: [],
  delegates: [],
  hasCredit: true,
};
const usesOf = (cid: string, projects = [project]) =>
  contentUses(cid, projects, ({ terms }) => terms.length === 0);

describe("what projects want of a content", () => {
  it("is the newest version that names it; of those that were active how many became so later", () => {
    const use = { projectId: 7n, isServed: true, isRouted: false };
    assert.deepEqual(usesOf("a"), [{ ...use, version: 3, wasActive: true, newer: 2 }]);
    assert.deepEqual(usesOf("b"), [{ ...use, isRouted: true, version: 2, wasActive: true, newer: 0 }]);
    assert.deepEqual(usesOf("c"), [{ ...use, isRouted: true, version: 4, wasActive: true, newer: 1 }]);
    assert.deepEqual(usesOf("x"), []);
  });

  it("is of those that never were active how many contents of newer ones there are, each once", () => {
    const cids = ["a", "p", "q", "q", "a", "r"];
    const versions = cids.map((cid, i) => ({ version: i + 1, cid }));
    const proposed = { ...project, versions, active: 1, activated: [1], split: undefined };
    const newer = ["p", "q", "r"].map((cid) => usesOf(cid, [proposed])[0]);
    assert.deepEqual(
      newer.map((use) => [use?.wasActive, use?.newer]),
      [
        [false, 2],
        [false, 1],
        [false, 0],
      ],
    );
  });

  it("is that visitors get it where any version of it is active, or a split's", () => {
    const routed = ["a", "b", "c", "d"].filter((cid) => usesOf(cid)[0]?.isRouted);
    assert.deepEqual(routed, ["b", "c"]);
    assert.equal(
      usesOf("a", [{ ...project, active: 1 }])[0]?.isRouted,
      true,
      "the same content, by its older version",
    );
  });

  it("is each project's own", () => {
    const gone = { ...project, projectId: 8n, terms: [{ nodeIds: [], cap: 1n, fromEpoch: 3 }] };
    const served = usesOf("a", [project, gone]).map(({ projectId, isServed }) => [projectId, isServed]);
    assert.deepEqual(served, [
      [7n, true],
      [8n, false],
    ]);
  });
});
