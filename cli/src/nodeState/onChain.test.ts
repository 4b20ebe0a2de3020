import assert from "node:assert/strict";
import { type NodeOnChain, nodeOnChain, retirementText } from "./onChain.ts";

const times = { genesis: 0, epochSeconds: 20, late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 };
const retired: NodeOnChain = {
  epoch: 63,
  minStake: 80_000_000n,
  node: {
    nodeId: 4,
    endpoint: "http://127.0.0.1:1",
    retiredFrom: 63,
    isLiftable: false,
    stake: 100_000_000n,
    thawing: 100_000_000n,
    thawEpoch: 62,
  },
};
const text = (change: Partial<NodeOnChain["node"]>, epoch = 63) =>
  retirementText({ ...retired, epoch, node: { ...retired.node, ...change } }, times) ?? "";

describe("a retired node that starts", () => {
  it("is told so, with whether it has to run, and with its stake", () => {
    assert.equal(
      retirementText({ ...retired, node: { ...retired.node, retiredFrom: undefined } }, times),
      undefined,
    );
    assert.match(text({}), /^Node 4 is retired since epoch 63: /);
    assert.match(text({}, 62), /^Node 4 retires: epoch 62 is its last\./);
    // The last epoch, 62, is handed in within four more.
    assert.match(text({}, 66), /\nLet it run until epoch 66 is over/);
    assert.match(
      text({}, 67),
      /\nIt has nothing to hand in any more and need not run; .* worker3 node claim --node 4\./,
    );
    const from = new Date(82 * 20 * 1000).toISOString();
    assert.match(text({}, 81), new RegExp(`stake of 100 USD leaves from ${from} on: worker3 node withdraw$`));
    assert.match(text({}, 82), /leaves now: worker3 node withdraw$/);
    assert.match(text({ thawing: 0n }), /was not asked back: worker3 node unstake all$/);
    assert.match(text({ thawing: 0n, stake: 0n }), /Its stake is out\.$/);
  });

  it("is told what takes it back, where a slash retired it and that still counts", () => {
    const slashed = { isLiftable: true, stake: 70_000_000n, thawing: 0n };
    assert.match(
      text(slashed, 62),
      /: 10 USD more before epoch 63 takes the retirement back: worker3 node stake 10\./,
    );
    assert.doesNotMatch(text(slashed, 63), /takes the retirement back/);
    assert.doesNotMatch(text({ ...slashed, isLiftable: false }, 62), /takes the retirement back/);
  });

  it("starts where the chain does not answer", async () => {
    assert.equal(await nodeOnChain(Promise.reject(new Error("away")), 4), undefined);
  });
});
