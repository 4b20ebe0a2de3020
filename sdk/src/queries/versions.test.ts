import assert from "node:assert/strict";
import * as lens from "../contracts/lens/index.ts";
import * as nodes from "../contracts/nodes/index.ts";
import * as projects from "../contracts/projects/index.ts";
import { testAccount } from "../testing/accounts.ts";
import { createTestNetwork } from "../testing/createTestNetwork.ts";
import { readVersions, versionBefore } from "./versions.ts";

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

describe("a project's versions on a chain", () => {
  it("tell who proposed them, and which were ever active", async () => {
    const net = await createTestNetwork();
    try {
      const [owner, proposer] = [await net.as(testAccount(1)), await net.as(testAccount(2))];
      await nodes.register(owner, {
        operator: testAccount(3).address,
        region: "weur",
        endpoint: "http://127.0.0.1:9001",
        stake: 200_000_000n,
      });
      await nodes.setPresence(owner, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
      const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
      const [projectId, live] = [1n, false];
      await projects.deploy(owner, { domain: `shop.${net.network.zone}`, cid });
      await projects.deploy(owner, { domain: `other.${net.network.zone}`, cid });
      await projects.setDelegate(owner, { projectId, who: testAccount(2).address, rights: "propose" });
      await projects.addVersion(proposer, { projectId, cid, live });
      await projects.addVersion(proposer, { projectId, cid, live });
      await projects.addVersion(owner, { projectId, cid, live });
      const { digest } = await lens.versionOf(owner, { projectId, version: 2 });
      await projects.activate(owner, { projectId, version: 2, digest });
      const versions = await readVersions(owner, { projectId });
      const by = testAccount(2).address;
      assert.deepEqual(
        versions.map(({ version, wasActive, proposedBy }) => [version, wasActive, proposedBy]),
        [
          [1, true, undefined],
          [2, true, by],
          [3, false, by],
          [4, false, undefined],
        ],
      );
    } finally {
      await net.stop();
    }
  });
});
