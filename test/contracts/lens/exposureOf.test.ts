import assert from "node:assert/strict";
import { by, CAP, fund, load, PROJECT, withProject } from "../support/projects.ts";
import { nextEpoch, USD, zoneName } from "../support/scenario.ts";

describe("Lens.exposureOf", () => {
  it("adds up the caps of a node's seats, in this epoch and in the next", async () => {
    const t = await load(withProject);
    const exposureOf = (nodeId: number) => t.lens.read.exposureOf([nodeId]);
    assert.deepEqual(
      [await exposureOf(1), await exposureOf(4)],
      [
        [USD, USD],
        [0n, 0n],
      ],
    );
    await t.projects.write.createProjectOn([zoneName("second"), [1, 4], 7_000], by(t.owner));
    await t.projects.write.createProjectOn([zoneName("third"), [4], 9_000], by(t.owner));
    await t.projects.write.setReplicas([PROJECT, [2, 4]], by(t.owner));
    await t.projects.write.setBudget([PROJECT, 2 * CAP], by(t.owner));
    assert.deepEqual(await exposureOf(1), [USD + 7_000n, 7_000n]);
    assert.deepEqual(await exposureOf(4), [16_000n, 2n * USD + 16_000n]);
    await nextEpoch(t);
    assert.deepEqual(await exposureOf(4), [2n * USD + 16_000n, 2n * USD + 16_000n]);
    await fund(t, PROJECT, 100n * USD);
    await t.projects.write.grow([PROJECT, 3 * CAP, [1]], by(t.owner));
    assert.deepEqual(await exposureOf(1), [3n * USD + 7_000n, 3n * USD + 7_000n]);
  });

  it("can be asked in parts", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("second"), [1], 7_000], by(t.owner));
    await t.projects.write.createProjectOn([zoneName("third"), [1], 9_000], by(t.owner));
    const exposureIn = (first: bigint, last: bigint) => t.lens.read.exposureIn([1, first, last]);
    assert.deepEqual(await exposureIn(1n, 3n), [USD + 16_000n, USD + 16_000n]);
    assert.deepEqual(await exposureIn(2n, 2n), [7_000n, 7_000n]);
    assert.deepEqual(await exposureIn(3n, 99n), [9_000n, 9_000n]);
    assert.deepEqual(await exposureIn(3n, 2n), [0n, 0n]);
    // No node sits in an empty seat.
    assert.deepEqual(await t.lens.read.exposureOf([0]), [0n, 0n]);
  });
});
