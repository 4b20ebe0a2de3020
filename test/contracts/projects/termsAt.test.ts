import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BASE,
  by,
  CAP,
  load,
  MAX_CAP,
  PROJECT,
  type ProjectNetwork,
  refused,
  setPresence,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { currentEpoch, nextEpoch } from "../support/scenario.ts";

interface Terms {
  fromEpoch: number;
  cap: number;
  nodeIds: number[];
}

/** Past terms as a list that is searched from its end: what the contract keeps, without its packing. */
class History {
  readonly #all: Terms[];

  constructor(first: Terms) {
    this.#all = [first];
  }

  get newest(): Terms {
    const newest = this.#all.at(-1);
    assert.ok(newest);
    return newest;
  }

  change(epoch: number, change: Partial<Terms>): void {
    const next = { ...this.newest, ...change, fromEpoch: epoch + 1 };
    if (this.newest.fromEpoch > epoch) this.#all.pop();
    this.#all.push(next);
  }

  at(epoch: number): Terms {
    return this.#all.findLast(({ fromEpoch }) => fromEpoch <= epoch) ?? { fromEpoch: 0, cap: 0, nodeIds: [] };
  }
}

const withoutEmptyEnd = (nodeIds: number[]): number[] =>
  nodeIds.slice(0, nodeIds.findLastIndex((id) => id !== 0) + 1);

/** `seats 8 x 24 | cap 40 | fromEpoch 24` from the low bits up. */
const packed = ({ fromEpoch, cap, nodeIds }: Terms): bigint =>
  nodeIds.reduce((word, id, seat) => word | (BigInt(id) << BigInt(24 * seat)), 0n) |
  (BigInt(cap) << 192n) |
  (BigInt(fromEpoch) << 232n);

const change = fc.oneof(
  fc.record({ cap: fc.integer({ min: BASE, max: MAX_CAP }) }),
  fc.record({ nodeIds: fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 }) }),
  fc.record({ leaving: fc.integer({ min: 1, max: 5 }) }),
);
const walk = fc.array(fc.record({ ahead: fc.integer({ min: 0, max: 3 }), change }), {
  minLength: 15,
  maxLength: 25,
});

/** All nodes live on, until the epoch that comes back. */
async function staysPresent(t: ProjectNetwork): Promise<number> {
  const until = (await currentEpoch(t)) + 29;
  for (const nodeId of [1, 2, 3, 4, 5]) await setPresence(t, nodeId, until);
  return until;
}

describe("ProjectRegistry.termsAt", () => {
  it("judges each epoch by the terms that stood in it, whatever changed since", async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        const t = await load(withProject);
        const { projects } = t;
        let present = await staysPresent(t);
        const { fromEpoch } = await t.lens.read.projectOf([PROJECT]);
        const history = new History({ fromEpoch, cap: CAP, nodeIds: [1, 2, 3] });

        for (const { ahead, change } of steps) {
          if (ahead > 0) await nextEpoch(t, ahead);
          if ((await currentEpoch(t)) > present - 5) present = await staysPresent(t);
          const { nodeIds } = history.newest;
          if ("cap" in change) {
            await projects.write.setBudget([PROJECT, change.cap], by(t.owner));
            history.change(await currentEpoch(t), change);
          } else if ("nodeIds" in change) {
            await projects.write.setReplicas([PROJECT, change.nodeIds], by(t.owner));
            history.change(await currentEpoch(t), change);
          } else {
            await projects.write.leaveSeats([[PROJECT], change.leaving], by(t.nodeOwner1));
            if (!nodeIds.includes(change.leaving)) continue;
            const left = nodeIds.map((id) => (id === change.leaving ? 0 : id));
            history.change(await currentEpoch(t), { nodeIds: withoutEmptyEnd(left) });
          }
        }

        const last = (await currentEpoch(t)) + 3;
        for (let epoch = fromEpoch - 2; epoch <= last; epoch++) {
          const expected = history.at(epoch);
          assert.deepEqual(await projects.read.termsAt([PROJECT, epoch]), [
            expected.nodeIds,
            expected.cap,
            expected.fromEpoch,
          ]);
          assert.deepEqual(await projects.read.termsWords([[UNKNOWN, PROJECT, 0n, PROJECT], epoch]), [
            0n,
            packed(expected),
            0n,
            packed(expected),
          ]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("answers for epochs to come by the newest terms", async () => {
    const t = await load(withProject);
    await t.projects.write.setBudget([PROJECT, 5_000], by(t.owner));
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, 2 ** 32 - 1]), [[1, 2, 3], 5_000, t.epoch + 1]);
  });

  it("refuses a project that does not exist", async () => {
    const t = await load(withProject);
    await refused(t.projects.read.termsAt([UNKNOWN, t.epoch]), t.projects, "UnknownProject", [UNKNOWN]);
  });
});
