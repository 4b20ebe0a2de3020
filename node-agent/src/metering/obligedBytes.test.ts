import assert from "node:assert/strict";
import type { ChainProject } from "../chain/view/chainProject.ts";
import { emptyRecord } from "../chain/view/chainProject.ts";
import { heldBytes } from "./heldBytes.ts";
import { obligedBytes } from "./obligedBytes.ts";

describe("what a seat is obliged to hold", () => {
  it("is the content of its versions, once where they share one", () => {
    const [a, b] = [
      { cid: "a", bytes: 3 },
      { cid: "b", bytes: 4 },
    ];
    assert.deepEqual(
      [[], [a], [a, b], [a, a]].map((contents) => obligedBytes({ contents })),
      [0n, 3n, 7n, 3n],
    );
  });

  const project: ChainProject = {
    ...emptyRecord(7n).project,
    versions: ["old", "active", "split", "newer"].map((cid, i) => ({ version: i + 1, cid })),
    active: 2,
    split: { version: 3, bps: 10 },
  };
  const bytes = new Map([
    ["old", 1],
    ["active", 20],
    ["split", 300],
    ["newer", 4_000],
  ]);
  const held = (changes: Partial<Parameters<typeof heldBytes>[0]> = {}) =>
    heldBytes({
      served: [7n],
      project: () => project,
      funded: () => true,
      bytesOf: (cid) => bytes.get(cid),
      ...changes,
    });

  it("is of the active version and of a split's alone: what else lies here nobody asked for", () => {
    assert.deepEqual(held(), new Map([[7n, 320n]]));
    assert.deepEqual(held({ project: () => ({ ...project, split: undefined }) }), new Map([[7n, 20n]]));
  });

  it("is nothing that is not here yet", () => {
    const bytesOf = (cid: string) => (cid === "active" ? undefined : bytes.get(cid));
    assert.deepEqual(held({ bytesOf }), new Map([[7n, 300n]]));
  });

  it("is nothing of a project that is not served, or of which it is not known that it pays", () => {
    assert.deepEqual(held({ served: [] }), new Map());
    for (const funded of [false, undefined]) assert.deepEqual(held({ funded: () => funded }), new Map());
  });
});
