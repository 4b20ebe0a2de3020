import assert from "node:assert/strict";
import { type NodeOnChain, nodeOnChain, retirementText } from "./onChain.ts";

const times = { genesis: 0, epochSeconds: 20, late: 3, dispute: 3, decide: 5, creditThaw: 5, stakeThaw: 14 };
const retired: NodeOnChain = {
  epoch: 63,
  node: {
    nodeId: 4,
    endpoint: "http://127.0.0.1:1",
    retiredFrom: 63,
    stake: 100_000_000n,
    thawing: 100_000_000n,
    thawEpoch: 62,
  },
};
const text = (change: Partial<NodeOnChain["node"]>, epoch = 63) =>
  retirementText({ epoch, node: { ...retired.node, ...change } }, times) ?? "";

describe("a retired node that starts", () => {
  it("is told so, with whether it has to run, and with its stake", () => {
    assert.equal(
      retirementText({ ...retired, node: { ...retired.node, retiredFrom: undefined } }, times),
      undefined,
    );
    assert.match(text({}), /^Node 4 is retired since epoch 63: /);
    assert.match(text({}, 62), /^Node 4 retires: epoch 62 is its last\./);
    // The last epoch, 62, is handed in within three more.
    assert.match(text({}, 65), /\nLet it run until epoch 65 is over/);
    assert.match(
      text({}, 66),
      /\nIt has nothing to hand in any more and need not run; .* worker3 node claim --node 4\./,
    );
    const from = new Date(77 * 20 * 1000).toISOString();
    assert.match(text({}, 76), new RegExp(`stake of 100 USD leaves from ${from} on: worker3 node withdraw$`));
    assert.match(text({}, 77), /leaves now: worker3 node withdraw$/);
    assert.match(text({ thawing: 0n }), /was not asked back: worker3 node unstake all$/);
    assert.match(text({ thawing: 0n, stake: 0n }), /Its stake is out\.$/);
  });

  it("starts where the chain does not answer", async () => {
    assert.equal(await nodeOnChain(Promise.reject(new Error("away")), 4), undefined);
  });
});
