import assert from "node:assert/strict";
import { lens, projects } from "@worker3/sdk";
import { type NodeDouble, playNode } from "../testing/playNode.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";

const CIDS = [
  "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
  "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
] as const;

describe("versions that nodes hold, or do not", function () {
  this.timeout(120_000);
  let chain: TestChain;
  let nodes: NodeDouble[] = [];
  let domain: string;

  before(async () => {
    nodes = await Promise.all([1, 2].map(playNode));
    chain = await startTestChain([...nodes.map(({ endpoint }) => endpoint), "http://127.0.0.1:9003"]);
    domain = `held.${chain.net.network.zone}`;
    for (const cid of CIDS) await projects.deploy(chain.owner, { domain, cid });
  });
  after(async () => {
    await chain?.[Symbol.asyncDispose]();
    for (const node of nodes) await node[Symbol.asyncDispose]();
  });
  function hold(...ready: number[][]): void {
    for (const [i, { node }] of nodes.entries()) node.ready = ready[i] ?? [];
  }
  const active = async () => (await lens.projectOf(chain.owner, { projectId: 1n })).active;

  it("versions tells of each by how many seats it is held, and who does not say", async () => {
    hold([1, 2], [2]);
    const { seats, silent, versions } = await chain.worker3.json("versions", domain);
    assert.deepEqual([seats, silent], [3, [3]]);
    assert.deepEqual(
      versions.map(({ version, heldBy }: { version: number; heldBy: number[] }) => [version, heldBy]),
      [
        [1, [1]],
        [2, [1, 2]],
      ],
    );
    const { stdout } = await chain.worker3.run("versions", domain);
    assert.match(stdout, /^1 .* 1 of 3$/m);
    assert.match(stdout, /^Nodes that do not say what they hold: 3\.$/m);
  });

  it("a rollback or split to one that nobody holds is refused before anything is paid, and names push", async () => {
    hold([2], [2]);
    for (const args of [
      ["rollback", domain, "--to", "1", "--yes"],
      ["split", domain, "--version", "1", "--percent", "10", "--yes"],
    ]) {
      const { code, value, next, message } = await chain.worker3.error(1, ...args);
      assert.deepEqual([code, value], ["VERSION_NOT_HELD", CIDS[0]]);
      assert.match(next ?? "", /worker3 push .* 1/);
      assert.match(message, /None of 2 nodes .* holds version 1; 1 more do not say/);
    }
    const { split } = await lens.projectOf(chain.owner, { projectId: 1n });
    assert.deepEqual([await active(), split], [2, undefined]);
    await chain.worker3.json("split", domain, "--percent", "0", "--version", "1", "--yes");
  });

  it("one node that holds it is enough", async () => {
    hold([2], [1, 2]);
    await chain.worker3.json("split", domain, "--version", "1", "--percent", "10", "--yes");
    const { code, stderr } = await chain.worker3.run("rollback", domain, "--to", "1", "--yes");
    assert.equal(code, 0);
    assert.deepEqual(
      stderr.split("\n").filter((line) => line.startsWith("Warning")),
      [
        "Warning: node 1 does not hold version 1: until it does, it goes on as before.",
        "Warning: node 3 does not say whether it holds version 1: until it does, it goes on as before.",
      ],
    );
    assert.equal(await active(), 1);
  });
});
