import assert from "node:assert/strict";
import { createDenyList } from "./denyList.ts";
import { pinWishes } from "./pinWishes.ts";
import type { ContentUse } from "./retention.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const use: ContentUse = {
  projectId: 7n,
  version: 1,
  isServed: true,
  isRouted: true,
  wasActive: true,
  newer: 0,
};
const row = { cid: CID, carBytes: 1, bytes: 1, files: 1, storedMs: 0 };

describe("what a node would have an IPFS daemon hold", () => {
  const cases: readonly {
    what: string;
    listed?: boolean;
    uses?: ContentUse[];
    finalMs?: number | undefined;
    deny?: { cids: string[]; projects: number[] };
    wanted: boolean;
    gone: boolean;
  }[] = [
    { what: "a version's content", listed: true, uses: [use], wanted: true, gone: false },
    { what: "an upload that no version names yet", listed: true, wanted: false, gone: false },
    { what: "what no project names any more, and was dropped", wanted: false, gone: true },
    { what: "the same before the chain is read to its end", finalMs: undefined, wanted: false, gone: false },
    {
      what: "a version that visitors are sent to and is damaged or lost",
      uses: [use],
      wanted: false,
      gone: false,
    },
    {
      what: "an older version, dropped",
      uses: [{ ...use, isRouted: false, newer: 6 }],
      wanted: false,
      gone: true,
    },
    {
      what: "a project's that has no seat here any more",
      uses: [{ ...use, isServed: false }],
      wanted: false,
      gone: true,
    },
    {
      what: "what is denied",
      listed: true,
      uses: [use],
      deny: { cids: [CID], projects: [] },
      wanted: false,
      gone: true,
    },
    {
      what: "a denied project's",
      listed: true,
      uses: [use],
      deny: { cids: [], projects: [7] },
      wanted: false,
      gone: true,
    },
  ];
  for (const {
    what,
    listed = false,
    uses = [],
    deny = { cids: [], projects: [] },
    wanted,
    gone,
    ...more
  } of cases) {
    it(`${what}: ${wanted ? "pinned" : "not pinned"}, ${gone ? "gone" : "not gone"}`, () => {
      const wishes = pinWishes({
        store: { list: () => (listed ? [row] : []), has: () => listed },
        uses: () => uses,
        denied: createDenyList(deny),
        finalMs: () => ("finalMs" in more ? more.finalMs : 1),
      });
      assert.deepEqual(wishes.wanted(), wanted ? [CID] : []);
      assert.equal(wishes.isGone(CID), gone);
    });
  }
});
